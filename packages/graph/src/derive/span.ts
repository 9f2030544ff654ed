import type { EventSummary, GraphNode, NodeKind, TrustTier } from '@holdfast/model'

import type { Draft } from './draft.ts'
import { joinRivals, resolve, short } from './draft.ts'
import { Holders, tellerOf } from './holders.ts'
import { MAX_RIVALS } from '../limits.ts'

/**
 * One span of a part with all that was said about it, or, where a source has no spans, one record. Owned by the part's
 * derivation.
 */
export type Span = {
  /** Names it in ids: `<trace>.<span>.<fingerprint of its teller>`, or the smallest event id of the record. */
  readonly key: string
  readonly id: string | undefined
  readonly agent: string
  /** Who told all of its events. */
  readonly teller: string
  readonly tier: TrustTier
  readonly events: readonly EventSummary[]
  readonly hasModelCall: boolean
  parentId: string | undefined
  member: string | undefined
  /** Acts and things to hang into the tree of spans; messages, outputs and identities are not among them. */
  readonly drafts: Draft[]
  /** Delegations of which this span tells as the one that was given the work. */
  readonly received: Set<Draft>
  call: Draft | undefined
  /** What {@link mainOf} found, once no node is added any more. */
  settled: { readonly main: Draft | undefined } | undefined
  /** Filled parents first, once all spans are known. */
  parent: Span | undefined
  /** The span above where this span's agent took over; undefined where it is this one. */
  entry: Span | undefined
  /** The span of another agent from which this span's agent was reached. */
  from: Span | undefined
  /** The nearest span above that has a node. */
  above: Span | undefined
}

/**
 * Groups the events of a part by span and teller, or by record where there is no span: two agents that claim one span
 * are two spans. Events come sorted by id, and stay so.
 */
export function spansOf(events: readonly EventSummary[]): readonly Span[] {
  const groups = new Map<string, EventSummary[]>()
  for (const event of events) {
    // Slots of one record share its entry; which number that is depends on arrival, so it only groups.
    const key = event.context.span === undefined ? `\n${event.entry}` : `${event.context.span}\n${tellerOf(event)}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [event])
    else group.push(event)
  }
  const spans: Span[] = []
  const names = new Map<string, string>()
  for (const group of groups.values()) {
    const [first] = group
    if (first !== undefined) spans.push(newSpan(first, group, names))
  }
  return spans
}

/** Marks the nodes of every span that several tellers claim: on all sides, since nothing here says who is right. */
export function markRivals(spans: readonly Span[]): void {
  const groups = Map.groupBy(
    spans.filter(({ id }) => id !== undefined),
    ({ id }) => id,
  )
  for (const claims of groups.values()) {
    if (claims.length < 2) continue
    // One more than is kept, because each leaves itself out; a teller of the same name stays among the rivals.
    const first = claims.toSorted((a, b) => (a.teller < b.teller ? -1 : 1)).slice(0, MAX_RIVALS + 1)
    for (const span of claims) {
      const others = first.flatMap((other) => (other === span ? [] : [other.agent]))
      for (const draft of span.drafts) draft.rivals = joinRivals(draft.rivals, others)
    }
  }
}

function newSpan(first: EventSummary, events: readonly EventSummary[], names: Map<string, string>): Span {
  const { trace, span } = first.context
  const teller = tellerOf(first)
  // Few tell the many spans of a part.
  const name = names.get(teller) ?? short(teller)
  names.set(teller, name)
  // A log record inside a span has no parent of its own; the span's events do.
  let parentId: string | undefined
  let member: string | undefined
  for (const event of events) {
    parentId ??= event.context.parentSpan
    member ??= event.agent.member
  }
  return {
    key: span === undefined ? first.id : `${trace ?? 'none'}.${span}.${name}`,
    id: span,
    agent: first.agent.id,
    teller,
    tier: first.source.tier,
    events,
    hasModelCall: events.some(({ body }) => body.kind === 'model-call'),
    parentId: parentId === span ? undefined : parentId,
    member,
    drafts: [],
    received: new Set(),
    call: undefined,
    settled: undefined,
    parent: undefined,
    entry: undefined,
    from: undefined,
    above: undefined,
  }
}

const MAIN: readonly NodeKind[] = [
  'agent',
  'model-call',
  'tool',
  'delegation',
  'memory',
  'guardrail',
  'egress',
  'api-call',
  'step',
  'document',
  'tool-definition',
  'connection',
]

/** The node that stands for the span in the tree: its act, before things that it only touched. */
export function mainOf(span: Span): Draft | undefined {
  const main = span.settled === undefined ? findMain(span) : span.settled.main
  return main === undefined ? undefined : resolve(main)
}

/** To be called once all nodes of the spans are there: a span is asked for its node by everything that lies under it. */
export function settleMains(spans: readonly Span[]): void {
  for (const span of spans) span.settled = { main: findMain(span) }
}

function findMain(span: Span): Draft | undefined {
  let best: Draft | undefined
  for (const draft of span.drafts) {
    if (best === undefined || MAIN.indexOf(draft.kind) < MAIN.indexOf(best.kind)) best = draft
  }
  return best
}

/** Kinds that act: what leaves the process or another agent's work is traced back to one of them. */
export function isActing(kind: GraphNode['kind']): boolean {
  return kind === 'tool' || kind === 'delegation' || kind === 'agent' || kind === 'model-call'
}

/**
 * Links spans to their parents and fills what is inherited, parents first. Returns the number of distinct parents that
 * never arrived; their children stand as roots. A ring of parents is opened at its first span. A parent that several
 * others claim, none of a stronger tier, is not guessed: the child stands as a root and says so.
 */
export function linkSpans(spans: readonly Span[]): number {
  const holders = new Holders<Span>()
  for (const span of spans)
    if (span.id !== undefined) holders.add(span.id, { teller: span.teller, tier: span.tier, held: span })
  const missing = new Set<string>()
  const children = new Map<Span, Span[]>()
  const roots: Span[] = []
  for (const span of spans) {
    const found = span.parentId === undefined ? undefined : holders.find(span.parentId, span.teller)
    if (found === undefined || found.status !== 'held') {
      if (found?.status === 'missing' && span.parentId !== undefined) missing.add(span.parentId)
      if (found?.status === 'contested') for (const draft of span.drafts) draft.isCauseContested = true
      roots.push(span)
    } else {
      const parent = found.held
      span.parent = parent
      const known = children.get(parent)
      if (known === undefined) children.set(parent, [span])
      else known.push(span)
    }
  }
  const done = new Set<Span>()
  const visit = (root: Span): void => {
    const queue = [root]
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      if (done.has(at)) continue
      done.add(at)
      inherit(at)
      for (const child of children.get(at) ?? []) queue.push(child)
    }
  }
  for (const root of roots) visit(root)
  if (done.size < spans.length) {
    for (const span of spans) {
      if (done.has(span)) continue
      span.parent = undefined
      visit(span)
    }
  }
  return missing.size
}

function inherit(span: Span): void {
  const { parent } = span
  if (parent === undefined) return
  span.above = parent.drafts.length > 0 ? parent : parent.above
  const isOther =
    span.agent !== parent.agent ||
    (span.member !== undefined && parent.member !== undefined && span.member !== parent.member)
  if (isOther) {
    span.from = parent
    return
  }
  span.member ??= parent.member
  span.entry = parent.entry ?? parent
  span.from = parent.from
}
