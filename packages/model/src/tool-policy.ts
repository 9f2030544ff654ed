/**
 * Tools that an agent may call through the MCP proxy, as a document: `{"version":1,"tools":[...],"default":"deny"}`. A violation
 * cites the artifact and a pointer into it.
 */
export type ToolPolicy = {
  readonly version: 1
  readonly tools: readonly PolicyTool[]
  readonly default: 'deny'
}

export type PolicyTool = {
  readonly name: string
  /** As the server names itself; absent where calls were recorded without one: then of any server. */
  readonly server?: string
  /** SHA-256 of the canonical JSON of the definition, lowercase hex; absent where none was recorded whole. */
  readonly definition?: string
}

/** What a policy says of one tool, with the pointer of the line that says so. */
export type ToolJudgement = {
  readonly status: 'allowed' | 'denied'
  readonly pointer: string
  readonly reason: string
}

/** Tools of one policy: as many as the proxy follows of one list. */
export const POLICY_TOOLS = 1_024
const NAME_CHARS = 1_024

/** Reads a document. Untrusted: what is not understood refuses all of it, in words that name the place. */
export function parseToolPolicy(given: unknown): ToolPolicy | { readonly fault: string } {
  const fields = fieldsOf(given)
  if (fields === undefined) return { fault: 'a tool policy is an object' }
  const unknown = Object.keys(fields).find((key) => !['version', 'tools', 'default'].includes(key))
  if (unknown !== undefined) return { fault: `a tool policy has no field ${JSON.stringify(unknown)}` }
  const { version, tools } = fields
  if (version !== 1) return { fault: `version ${JSON.stringify(version)} is none that is known here: 1` }
  if (fields['default'] !== 'deny') return { fault: 'default: is "deny"' }
  if (!Array.isArray(tools)) return { fault: 'tools: is no list' }
  if (tools.length > POLICY_TOOLS) return { fault: `tools: has more than ${POLICY_TOOLS} entries` }
  const read: PolicyTool[] = []
  for (const [at, one] of (tools as readonly unknown[]).entries()) {
    const tool = toolOf(one)
    if (typeof tool === 'string') return { fault: `tools[${at}]: ${tool}` }
    read.push(tool)
  }
  return { version: 1, tools: read, default: 'deny' }
}

/** The offered definition is left out where it is not known: then the name alone decides. */
export function judgeTool(
  policy: ToolPolicy,
  call: { readonly name: string; readonly server?: string | undefined; readonly definition?: string | undefined },
): ToolJudgement {
  const { name, server, definition } = call
  let changed: ToolJudgement | undefined
  for (const [at, tool] of policy.tools.entries()) {
    if (tool.name !== name) continue
    if (tool.server !== undefined && server !== undefined && tool.server !== server) continue
    const pointer = `/tools/${at}`
    if (tool.definition === undefined || definition === undefined || tool.definition === definition)
      return { status: 'allowed', pointer, reason: 'listed' }
    changed ??= { status: 'denied', pointer, reason: 'its definition is another one than was observed' }
  }
  return changed ?? { status: 'denied', pointer: '/default', reason: 'not among the tools that were observed' }
}

function toolOf(given: unknown): PolicyTool | string {
  const fields = fieldsOf(given)
  if (fields === undefined) return 'is no object'
  const other = Object.keys(fields).find((key) => !['name', 'server', 'definition'].includes(key))
  if (other !== undefined) return `has a field ${JSON.stringify(other)}, which is none of name, server, definition`
  const { name, server, definition } = fields
  if (!isName(name)) return 'name: is no text of 1 to 1024 characters'
  if (server !== undefined && !isName(server)) return 'server: is no text of 1 to 1024 characters'
  if (definition !== undefined && (typeof definition !== 'string' || !/^[0-9a-f]{64}$/.test(definition)))
    return 'definition: is no SHA-256 in lowercase hex'
  return { name, ...(server === undefined ? {} : { server }), ...(definition === undefined ? {} : { definition }) }
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= NAME_CHARS
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return value as Readonly<Record<string, unknown>> // an object that is no list
}
