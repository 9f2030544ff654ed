import { MAX_CLIMB, MAX_HANDOFF_NAMES } from '../limits.ts'
import type { Draft } from './draft.ts'
import { byOwnClock, resolve } from './draft.ts'
import type { PartBuild } from './part.ts'
import type { Span } from './span.ts'
import { mainOf } from './span.ts'

/** Work handed from agent to agent inside one part: by nesting of spans, or by a stated hand-off. */
export function addDelegations(build: PartBuild): void {
  const reached = delegateByNesting(build)
  const delegations = [...build.drafts.values()].filter((draft) => draft.kind === 'delegation')
  if (delegations.length === 0) return
  const handed = new Set(build.edges.filter((edge) => edge.kind === 'delegated').map((edge) => edge.from))
  delegateByName(
    build,
    delegations.filter((draft) => !handed.has(draft.id)),
    reached,
  )
  requestHandoffs(build, delegations)
}

/** One edge for each place where the spans of an agent lie under those of another. Returns the agents reached so. */
function delegateByNesting(build: PartBuild): ReadonlySet<Draft> {
  const receivers = new Map<Span, { draft: Draft; span: Span }>()
  for (const span of build.spans) {
    const main = mainOf(span)
    if (span.from === undefined || main === undefined) continue
    // A tool server under another name is no agent: only what thinks can be handed work.
    if (main.kind !== 'agent' && main.kind !== 'model-call') continue
    const entry = span.entry ?? span
    const known = receivers.get(entry)
    if (known === undefined || isBetter({ draft: main, span }, known)) receivers.set(entry, { draft: main, span })
  }
  const reached = new Set<Draft>()
  for (const { draft, span } of receivers.values()) {
    const giver = span.from === undefined ? undefined : giverOf(span.from)
    reached.add(draft)
    if (giver !== undefined && giver !== draft) {
      build.edges.push({ from: giver.id, to: draft.id, kind: 'delegated', basis: 'trace' })
    }
  }
  return reached
}

type Receiver = { readonly draft: Draft; readonly span: Span }

function isBetter(a: Receiver, b: Receiver): boolean {
  if (a.draft.kind !== b.draft.kind) return a.draft.kind === 'agent'
  const [x, y] = [depthOf(a.span), depthOf(b.span)]
  return x !== y ? x < y : a.draft.id < b.draft.id
}

function depthOf(span: Span): number {
  let depth = 0
  for (let at = span.parent; at !== undefined && depth < MAX_CLIMB; at = at.parent) depth++
  return depth
}

/** What did the handing over: a stated delegation if the span or one above has it, else the act around it. */
function giverOf(from: Span): Draft | undefined {
  let at: Span | undefined = from
  for (let hops = 0; at !== undefined && hops < MAX_CLIMB; hops++) {
    const stated = at.drafts.filter((draft) => draft.kind === 'delegation')
    const [only] = stated
    if (only !== undefined && stated.length === 1) return resolve(only)
    const main = mainOf(at)
    if (main !== undefined && (main.kind === 'tool' || main.kind === 'agent' || main.kind === 'model-call')) return main
    at = at.above
  }
  return undefined
}

/**
 * A hand-off names its receiver. With one hand-off to a name and one invocation of it, the trace has joined them; with as
 * many of one as of the other, told by one process, the k-th meets the k-th by that process's clock, and says so.
 */
function delegateByName(build: PartBuild, delegations: readonly Draft[], reached: ReadonlySet<Draft>): void {
  const agents = new Map<string, Draft[]>()
  for (const draft of build.drafts.values()) {
    if (draft.kind !== 'agent' || draft.into !== undefined || reached.has(draft)) continue
    for (const name of new Set([draft.name, draft.member ?? draft.name])) push(agents, name, draft)
  }
  const byName = new Map<string, Draft[]>()
  for (const draft of delegations) push(byName, draft.name, draft)
  for (const [name, froms] of byName) {
    const tos = agents.get(name) ?? []
    const [from] = froms
    const [to] = tos
    if (from === undefined || to === undefined) continue
    if (froms.length === 1 && tos.length === 1) {
      build.edges.push({ from: from.id, to: to.id, kind: 'delegated', basis: 'trace' })
    } else if (froms.length === tos.length && [...froms, ...tos].every((draft) => draft.source === from.source)) {
      const [givers, takers] = [froms.toSorted(byOwnClock), tos.toSorted(byOwnClock)]
      for (const [k, giver] of givers.entries()) {
        const taker = takers[k]
        if (taker === undefined) continue
        build.edges.push({ from: giver.id, to: taker.id, kind: 'delegated', basis: 'temporal' })
      }
    }
  }
}

/** `transfer_to_billing` asked for by a model is the hand-off to `Billing`: the only such request, the only such hand-off. */
function requestHandoffs(build: PartBuild, delegations: readonly Draft[]): void {
  const requests = new Map<string, Draft[]>()
  for (const draft of build.drafts.values()) {
    if (draft.kind === 'tool' && draft.into === undefined && !draft.isRun) push(requests, plain(draft.name), draft)
  }
  const byName = new Map<string, Draft[]>()
  for (const draft of delegations) push(byName, plain(draft.name), draft)
  const asked = new Map<string, Draft[]>()
  for (const [request, drafts] of requests) {
    for (const name of namesIn(request)) if (byName.has(name)) for (const draft of drafts) push(asked, name, draft)
  }
  for (const [name, tos] of byName) {
    const froms = asked.get(name) ?? []
    const [from] = froms
    const [to] = tos
    if (from === undefined || to === undefined || froms.length + tos.length > 2) continue
    build.edges.push({ from: from.id, to: to.id, kind: 'delegated', basis: 'exclusive' })
  }
}

/** The receivers that the name of a request may mean: itself, and what stands behind each `_to_` of it. */
function namesIn(request: string): readonly string[] {
  const names = [request]
  for (
    let at = request.indexOf('_to_');
    at !== -1 && names.length < MAX_HANDOFF_NAMES;
    at = request.indexOf('_to_', at + 1)
  ) {
    names.push(request.slice(at + 4))
  }
  return names
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '_')
}

function push(map: Map<string, Draft[]>, key: string, draft: Draft): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [draft])
  else known.push(draft)
}
