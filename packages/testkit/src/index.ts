export { startModelServer } from './model-server/model-server.ts'
export type { ModelRequest, ModelServer } from './model-server/model-server.ts'
export type { Script, ScriptReply, ScriptRule } from './model-server/script.ts'
