import { hash } from 'node:crypto'
import type { Answer } from '@holdfast/api'
import { canonicalJson, type EventSummary, incidentNames } from '@holdfast/model'
import type { Names, ReceiverVerdict } from '@holdfast/respond'
import { eventLabel } from '../views/api-event.ts'
import { ownConversation, traceKeyOf } from '../views/keys.ts'
import type { Drawn } from './derive-scope.ts'
import { NAMES_SHOWN } from './limits.ts'
import type { Material } from './material.ts'

type ScopeAnswer = Answer<'getIncidentScope'>

/** Where a text of the origin stood beyond the conversations of the incident. */
export type Elsewhere = ScopeAnswer['elsewhere']

/** The scope as it is drawn, and the names by which records may speak of its incident. */
export type DrawnScope = Omit<ScopeAnswer, 'frozen'> & { readonly names: readonly string[] }

/** The scope as the API shows it, with the digest of what it holds; captured names throughout. */
export function scopeAnswer(material: Material, drawn: Drawn, elsewhere: Elsewhere): DrawnScope {
  const { incident, conversations, graph, cut } = material
  const { roots, swept, radius, window, agents } = drawn
  const names = new Map(material.events.map(({ agent }) => [agent.id as string, agent.name]))
  const nodesOf = new Map<string, number>()
  const agentOf = new Map(graph.nodes.map(({ id, agent }) => [id, agent]))
  for (const { node } of radius.nodes) {
    const agent = agentOf.get(node)
    if (agent !== undefined) nodesOf.set(agent, (nodesOf.get(agent) ?? 0) + 1)
  }
  return {
    incident: incident.id,
    names: incidentNames(incident),
    conversations: [...conversations],
    window: { from: window.from.toString(), until: window.until.toString() },
    basis: roots.basis,
    patientZero: roots.events.slice(0, PATIENT_ZEROS).map(eventWire),
    agents: agents.map((id) => ({ id, name: names.get(id) ?? id, nodes: nodesOf.get(id) ?? 0 })),
    touched: extentWire(radius.touched),
    reachable: extentWire(radius.reachable),
    unresolved: namesWire(radius.unresolved),
    nodes: radius.nodes.length,
    receivers: receiversShown(swept.sweep.receivers).map((one) => receiverWire(one, names)),
    verdicts: verdictCounts(swept.sweep.receivers),
    handovers: swept.handovers.slice(0, NAMES_SHOWN).map(({ id, giver, receiver, payload }) => ({
      id,
      giver,
      receiver,
      payload: payload.state,
      ...(payload.state === 'absent' ? { reason: payload.reason } : { entry: payload.entry }),
    })),
    handoversTotal: swept.handovers.length,
    elsewhere,
    cut: cut + radius.cut + swept.sweep.cut,
    digest: digestOf(material, drawn),
  }
}

/** Who is to be decided on is listed first where not all are. */
export function receiversShown(receivers: readonly ReceiverVerdict[]): readonly ReceiverVerdict[] {
  if (receivers.length <= NAMES_SHOWN) return receivers
  const isUndecided = ({ verdict }: ReceiverVerdict): boolean => verdict === 'undecided'
  return [...receivers.filter(isUndecided), ...receivers.filter((one) => !isUndecided(one))].slice(0, NAMES_SHOWN)
}

export function verdictCounts(receivers: readonly ReceiverVerdict[]): ScopeAnswer['verdicts'] {
  const counts = { tainted: 0, undecided: 0, cleared: 0 }
  for (const { verdict } of receivers) counts[verdict]++
  return counts
}

/** The earliest inputs that are told; a chain may name a sentence in many messages. */
const PATIENT_ZEROS = 32

/** Over what the scope says, and not over how it is shown: nodes, agents, extents and verdicts. */
function digestOf({ conversations }: Material, { radius, swept, agents, roots, window }: Drawn): string {
  const said = {
    conversations: [...conversations],
    from: window.from.toString(),
    until: window.until.toString(),
    roots: roots.events.map(({ id }) => id as string),
    agents: [...agents] as string[], // ids are texts
    nodes: radius.nodes.map(({ node }) => node),
    touched: radius.touched,
    reachable: radius.reachable,
    receivers: swept.sweep.receivers.map(({ receiver, verdict }) => [receiver, verdict]),
  }
  return hash('sha256', canonicalJson(JSON.parse(JSON.stringify(said))), 'hex')
}

function eventWire(event: EventSummary): ScopeAnswer['patientZero'][number] {
  return {
    event: event.id,
    entry: event.entry,
    agent: event.agent.id,
    conversation: event.context.conversation ?? ownConversation(traceKeyOf(event)),
    label: eventLabel(event.body).slice(0, 200),
    claimedAt: event.claimedAt.toString(),
    tier: event.source.tier,
  }
}

function receiverWire(one: ReceiverVerdict, names: ReadonlyMap<string, string>): ScopeAnswer['receivers'][number] {
  const newest = one.entries.at(-1)
  return {
    ...one,
    name: names.get(one.receiver) ?? one.receiver,
    handovers: [...one.handovers],
    entries: one.entries.slice(0, NAMES_SHOWN),
    texts: one.entries.length,
    ...(newest === undefined ? {} : { newest }),
  }
}

function extentWire({
  records,
  classes,
  systems,
  identities,
  prompts,
  sources,
  tools,
  agents,
}: Drawn['radius']['touched']) {
  return {
    records,
    classes: namesWire(classes),
    systems: namesWire(systems),
    identities: namesWire(identities),
    // A prompt's name is the id of its node.
    prompts: namesWire(prompts),
    sources: namesWire(sources),
    tools: namesWire(tools),
    agents: namesWire(agents),
  }
}

function namesWire({ names, total }: Names): { readonly names: string[]; readonly total: number } {
  return { names: names.slice(0, NAMES_SHOWN), total }
}
