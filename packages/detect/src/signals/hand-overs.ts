import type { AgentId, ConversationId, Event, EventId, IncidentType, Signal } from '@holdfast/model'
import { outranks } from '@holdfast/model'
import type { CaseContext, ListedPeers } from '../known/case-context.ts'
import { onceInOrder, quoted } from './findings.ts'
import { MAX_HAND_OVERS, MAX_PROOFS } from './limits.ts'

/** A hand-over that went through; one that a proxy refused harmed nothing, and nobody tries it by accident. */
const WENT = 0.6
const REFUSED = 0.8
/** Who signs with another key under a name has that name for a reason. */
const BORNE = 0.9

/**
 * Work that goes where the lists of peers on the roster do not let it, as agents tell it, as their spans nest, or as a proxy that
 * stood between them says; and names that were borne by others. Where neither end is on the roster, nothing is said.
 */
export function handOverSignals(
  events: readonly Event[],
  { context, conversation }: { readonly context: CaseContext; readonly conversation?: ConversationId },
): readonly Signal[] {
  const ordered = onceInOrder(events)
  const found = [...ordered.flatMap(refusedByProxy), ...outsideLists(ordered, context)]
  const grouped = Map.groupBy(found, ({ detector, key }) => `${detector}\n${key}`)
  return [...grouped.values()].slice(0, MAX_HAND_OVERS).map((same) => signalOf(same, conversation))
}

type Seen = {
  readonly detector: 'roster/outside-peers' | 'roster/impersonation'
  readonly key: string
  readonly words: string
  readonly strength: number
  readonly event: Event
}

/** An agent may say what it likes of guardrails; a proxy's word is its own. */
function refusedByProxy(event: Event): readonly Seen[] {
  const { body, source } = event
  if (body.kind !== 'guardrail' || body.name !== 'hand-over' || source.channel !== 'mcp-proxy') return []
  const { from = '', to = '', fault } = body.facts ?? {}
  const isRefused = body.verdict === 'refused'
  const between = `from ${quoted(from)} to ${quoted(to)}`
  const key = `${from}\n${to}`
  if (fault === 'impersonation') {
    const words = `an end of a hand-over ${between} signed with another key than that of its name, and was refused`
    return [{ detector: 'roster/impersonation', key, words, strength: BORNE * REFUSED, event }]
  }
  if (fault !== 'outside-peers') return []
  const words = `work was ${isRefused ? 'to be handed' : 'handed'} ${between}, who are no peers on the roster${isRefused ? ', and was refused' : ''}`
  return [{ detector: 'roster/outside-peers', key, words, strength: isRefused ? WENT * REFUSED : WENT, event }]
}

type Edge = {
  readonly event: Event
  readonly from: Event['agent'] | undefined
  readonly to: readonly string[]
  readonly toId?: AgentId
}

function outsideLists(events: readonly Event[], context: CaseContext): readonly Seen[] {
  return [...statedEdges(events), ...nestedEdges(events)].flatMap(({ event, from, to, toId }) => {
    if (from === undefined) return []
    const names = [from.id, from.name]
    if (to.some((name) => names.includes(name))) return []
    const lacks = (listed: ListedPeers | undefined, others: readonly string[]): boolean =>
      listed !== undefined && listed.entry < event.entry && !others.some((name) => listed.peers.includes(name))
    const giver = lacks(context.ofAgent(from.id)?.listed(), to)
    const taker = toId !== undefined && lacks(context.ofAgent(toId)?.listed(), names)
    if (!giver && !taker) return []
    const [shown = ''] = to.toReversed()
    const whose = giver ? quoted(from.name) : quoted(shown)
    const words = `${quoted(from.name)} handed work to ${quoted(shown)}, which the list of peers of ${whose} does not have`
    return [{ detector: 'roster/outside-peers' as const, key: `${from.name}\n${shown}`, words, strength: WENT, event }]
  })
}

/** Agents that are members of one share its id: what passes between them is no hand-over. */
function statedEdges(events: readonly Event[]): readonly Edge[] {
  const members = new Set(
    events.flatMap(({ agent }) => (agent.member === undefined ? [] : [`${agent.id}\n${agent.member}`])),
  )
  const byName = new Map(events.map(({ agent }) => [agent.name, agent.id]))
  return events.flatMap((event): readonly Edge[] => {
    const { agent, body } = event
    if (body.kind !== 'delegation' || members.has(`${agent.id}\n${body.to}`)) return []
    const toId = byName.get(body.to)
    return [{ event, from: agent, to: [body.to], ...(toId === undefined ? {} : { toId }) }]
  })
}

/** What only agents do. */
const THINKS: ReadonlySet<string> = new Set(['model-call', 'invocation'])

/** A span of one agent below that of another: it was asked by it, whatever either says. A tool's server is no agent. */
function nestedEdges(events: readonly Event[]): readonly Edge[] {
  const thinking = new Set(events.flatMap(({ agent, body }) => (THINKS.has(body.kind) ? [agent.id] : [])))
  const spans = new Map<string, Event['agent']>()
  for (const { context, agent, source } of events)
    if (context.trace !== undefined && context.span !== undefined && !source.channel.endsWith('-proxy'))
      spans.set(`${context.trace}${context.span}`, agent)
  return events.flatMap((event): readonly Edge[] => {
    const { context, agent, source } = event
    if (context.trace === undefined || context.parentSpan === undefined || source.channel.endsWith('-proxy')) return []
    const from = spans.get(`${context.trace}${context.parentSpan}`)
    if (from === undefined || from.id === agent.id || !thinking.has(agent.id)) return []
    return [{ event, from, to: [agent.id, agent.name], toId: agent.id }]
  })
}

const TYPES: Readonly<Record<Seen['detector'], IncidentType>> = {
  'roster/outside-peers': 'reasoning-compromise',
  'roster/impersonation': 'privilege-boundary-escape',
}

function signalOf(same: readonly Seen[], conversation: ConversationId | undefined): Signal {
  // A group of `groupBy` has a first.
  const [first] = same as readonly [Seen, ...Seen[]]
  const { detector, key, words } = first
  const { event } = first
  const proofs = same.slice(0, MAX_PROOFS).map((seen) => seen.event)
  return {
    id: `${detector}.${event.id}`,
    detector,
    source: 'rule',
    speaksFor: TYPES[detector],
    strength: Math.round(Math.max(...same.map(({ strength }) => strength)) * 100) / 100,
    surface: 'S4',
    agent: event.agent.id,
    ...(conversation === undefined ? {} : { conversation }),
    events: [...new Set(proofs.map(({ id }): EventId => id))],
    entries: [...new Set(proofs.map(({ entry }) => entry))].toSorted((a, b) => a - b),
    claimedAt: event.claimedAt,
    tier: proofs.reduce((best, { source: { tier } }) => (outranks(tier, best) ? tier : best), event.source.tier),
    words: same.length === 1 ? words : `${words}; ${same.length} times`,
    repeatKey: `${detector}\n${key}`,
  }
}
