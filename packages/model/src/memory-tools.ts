/** A tool that keeps something for later, as its own name or its server's says; what is named otherwise is not known here. */
const MEMORY = /(?:^|[^a-z])(?:memor(?:y|ies)|remember|note|notes)(?:[^a-z]|$)|knowledge.?graph/i
const WRITES =
  /(?:^|[^a-z])(?:add|append|create|delete|forget|put|remember|remove|save|set|store|update|upsert|write)(?:[^a-z]|$)/i
const REMOVES = /(?:^|[^a-z])(?:delete|forget|remove)(?:[^a-z]|$)/i

/** `saveMemory` as `save Memory`. */
function words(name: string): string {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
}

/** True for a tool of an agent's memory, by its own name or its server's. Untrusted names. */
function isMemoryTool({ tool, server }: { readonly tool: string; readonly server: string }): boolean {
  return MEMORY.test(words(tool)) || MEMORY.test(words(server))
}

/** True for one that changes what is remembered; those that only remove are among them. */
export function writesMemory(named: { readonly tool: string; readonly server: string }): boolean {
  return isMemoryTool(named) && WRITES.test(words(named.tool))
}

/** True for one that takes something out of a memory and puts nothing in. */
export function removesOnly(tool: string): boolean {
  return REMOVES.test(words(tool))
}
