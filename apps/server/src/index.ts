export { startServer, type RunningServer } from './server.ts'
export { parseServerOptions, type ServerOptions } from './options.ts'
