import type { Draft } from './draft.ts'
import { absorb } from './draft.ts'
import type { PartBuild } from './part.ts'
import type { Span } from './span.ts'
import { mainOf } from './span.ts'
import { MAX_CLIMB } from '../limits.ts'

/**
 * One tool call that was seen several times becomes one node: by the span of the framework, by the MCP client span
 * inside it, by the span of the server, by a log record. Equal call ids met in nodes.ts already.
 */
export function uniteTools(build: PartBuild): void {
  // The inner observation goes into the outer one, so outer ones must be settled first; resolve() follows the rest.
  for (const span of build.spans) uniteWithin(span)
  for (const span of build.spans) {
    for (const inner of span.drafts) {
      if (inner.kind !== 'tool' || inner.into !== undefined) continue
      const outer = enclosing(span)
      if (outer === undefined || outer === inner || !isSameCall(outer, inner, span)) continue
      take(outer, inner)
    }
  }
  uniteRequests(build)
}

/**
 * A call id in the model's request and none in the tool's span: the same tool with the same arguments, or the only
 * request and the only run of it, are one call. That they are one is inferred, and the edge of the request says how.
 */
function uniteRequests(build: PartBuild): void {
  const tools = [...build.drafts.values()].filter((draft) => draft.kind === 'tool' && draft.into === undefined)
  const asked = tools.filter((tool) => !tool.isRun && tool.callId !== undefined)
  if (asked.length === 0) return
  const inferred = new Map<string, 'content' | 'exclusive'>()
  const pair = (keysOf: (tool: Draft) => readonly string[], basis: 'content' | 'exclusive'): void => {
    const runs = tools.filter((tool) => tool.isRun && tool.callId === undefined && tool.into === undefined)
    const byKey = groupBy(runs, keysOf)
    for (const [key, requests] of groupBy(
      asked.filter((tool) => !inferred.has(tool.id)),
      keysOf,
    )) {
      const [request, ...others] = requests
      const [run, ...more] = byKey.get(key) ?? []
      if (request === undefined || run === undefined || others.length + more.length > 0) continue
      if (run.into !== undefined || inferred.has(request.id)) continue
      take(request, run)
      inferred.set(request.id, basis)
    }
  }
  pair((tool) => (tool.given?.texts ?? []).map((text) => `${tool.teller}\n${tool.name}\n${text.digest}`), 'content')
  pair((tool) => [`${tool.teller}\n${tool.name}`], 'exclusive')
  for (const [at, edge] of build.edges.entries()) {
    const basis = edge.kind === 'requested' ? inferred.get(edge.to) : undefined
    if (basis !== undefined) build.edges[at] = { ...edge, basis }
  }
}

/** Drafts by every key that they have. */
export function groupBy(drafts: readonly Draft[], keysOf: (draft: Draft) => readonly string[]): Map<string, Draft[]> {
  const groups = new Map<string, Draft[]>()
  for (const draft of drafts) {
    for (const key of new Set(keysOf(draft))) {
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [draft])
      else group.push(draft)
    }
  }
  return groups
}

/** Within one span, what has no call id belongs to the call of that name that has one. */
function uniteWithin(span: Span): void {
  const tools = span.drafts.filter((draft) => draft.kind === 'tool' && draft.into === undefined)
  if (tools.length < 2) return
  const names = new Set(tools.flatMap((tool) => (tool.callId === undefined ? [tool.name] : [])))
  if (names.size === 0) return
  const byName = new Map<string, Draft[]>()
  for (const tool of tools) {
    if (tool.callId === undefined) continue
    for (const name of shortNames(tool.name)) {
      if (!names.has(name)) continue
      const known = byName.get(name)
      if (known === undefined) byName.set(name, [tool])
      else known.push(tool)
    }
  }
  for (const loose of tools) {
    if (loose.callId !== undefined) continue
    const named = byName.get(loose.name) ?? []
    const [only] = named
    if (only !== undefined && named.length === 1) take(only, loose)
  }
}

function take(outer: Draft, inner: Draft): void {
  absorb(outer, inner)
  inner.into = outer
}

/** The tool call in which a span ran, with structure and requests between them but no other act. */
function enclosing(span: Span): Draft | undefined {
  let at = span.above
  for (let hops = 0; at !== undefined && hops < MAX_CLIMB; hops++) {
    const main = mainOf(at)
    if (main?.kind === 'tool') return main
    if (main !== undefined && main.kind !== 'step' && main.kind !== 'egress') return undefined
    at = at.above
  }
  return undefined
}

function isSameCall(outer: Draft, inner: Draft, span: Span): boolean {
  // What another agent says of the call stands beside it: its words must not become those of the caller.
  if (inner.teller !== outer.teller) return false
  if (inner.callId !== undefined && inner.callId === outer.callId) return true
  // A tool that calls a tool of its own name is two calls, unless the inner one is the protocol's view of the outer.
  const isFree = inner.callId === undefined || outer.callId === undefined
  return isFree && isSameTool(outer.name, inner.name) && isProtocolView(span)
}

function isProtocolView(span: Span): boolean {
  return span.events.some(
    (event) =>
      /mcp/i.test(event.source.dialect) ||
      /mcp/i.test(event.source.instrumentation) ||
      ((event.body.kind === 'tool-call' || event.body.kind === 'tool-result') && event.body.server !== undefined),
  )
}

/** Every name that {@link isSameTool} takes for this one's, without searching all that there are. */
function shortNames(name: string): ReadonlySet<string> {
  const names = new Set([name, ''])
  for (let at = 0; at < name.length; at++) if (SEPARATOR.test(name.charAt(at))) names.add(name.slice(at + 1))
  if (!SEPARATOR.test(name.charAt(name.length - 1))) names.delete('')
  return names
}

const SEPARATOR = /[_./:-]/

/** Frameworks put the server's name before a tool's: `mcp__orders__lookup`, `orders_lookup`, `orders.lookup`. */
export function isSameTool(outer: string, inner: string): boolean {
  return outer === inner || (outer.endsWith(inner) && SEPARATOR.test(outer.charAt(outer.length - inner.length - 1)))
}
