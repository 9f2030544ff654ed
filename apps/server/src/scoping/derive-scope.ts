import type { StepsOfWork } from '@holdfast/detect'
import { parseAgentId, type AgentId, type ExecutionGraph, type GraphNode, type UnixNano } from '@holdfast/model'
import { principalName } from '@holdfast/observe'
import {
  type BlastRadius,
  blastRadius,
  type Crossing,
  type NodeAt,
  type ResponseScope,
  type ScopedEdge,
} from '@holdfast/respond'
import { sweepIncident, type SweptIncident } from './contexts.ts'
import type { Material } from './material.ts'
import { type Roots, rootsOf } from './roots.ts'
import { scopedAgents } from './scoped-agents.ts'
import { scopedChannels, scopedDestinations, scopedItems, scopedTools, type WriterOf } from './scoped-items.ts'
import { scopedPrincipals } from './scoped-principals.ts'
import { taintOf } from './taint.ts'

export type KnownOfAgents = {
  readonly reader: Parameters<typeof scopedAgents>[2]['reader']
  readonly imagesOf: (agent: string) => readonly string[]
  /** Principals that an agent is known to act as. */
  readonly actsAs: (agent: string) => readonly string[]
  readonly writerOf: WriterOf
}

export type Drawn = {
  readonly roots: Roots
  readonly swept: SweptIncident
  readonly radius: BlastRadius
  readonly window: Window
  /** Agents that something of it reached, and those that the incident names. */
  readonly agents: readonly AgentId[]
}

export type Window = { readonly from: UnixNano; readonly until: UnixNano }

/** After every time that a source can claim. */
const END = ((1n << 64n) - 1n) as UnixNano // the greatest of that type

/** What an incident reached and what crossed: the same for the same log, in whatever order it came. */
export function* drawScope(
  material: Material,
  data: Pick<Parameters<typeof blastRadius>[0], 'facts' | 'authority'>,
  until: UnixNano = END,
): StepsOfWork<Drawn> {
  const { graph, incident, nodesOf, principals } = material
  const roots = rootsOf(material)
  yield
  const swept = yield* sweepIncident(material, roots)
  yield
  const window = { from: roots.from, until }
  const known = withoutProcessUsers(material)
  const radius = blastRadius({
    graphs: [known],
    crossings: [...memoryCrossings(material), ...identityCrossings(material, known)],
    patientZero: [...roots.events, ...roots.again].flatMap(({ id }) =>
      (nodesOf.get(id) ?? []).map((node) => ({ conversation: graph.conversation, node: node.id })),
    ),
    window,
    cleared: swept.cleared,
    ...data,
  })
  const agentOf = new Map(graph.nodes.map(({ id, agent }) => [id, agent]))
  const reached = radius.nodes.flatMap(({ node }) => agentOf.get(node) ?? [])
  const received = swept.sweep.receivers.flatMap(({ receiver }) => (isAgentId(receiver) ? [receiver] : []))
  const all = new Set<string>([...reached, ...received, ...incident.agents])
  // Ids as the graph has them of agents; what only an authority names is a principal.
  const agents = [...all].filter((id) => !principals.has(id) && !swept.cleared.has(id)).toSorted() as AgentId[]
  return { roots, swept, radius, window, agents }
}

/** What could be taken away from the agents of an incident. */
export function responseScope(
  material: Material,
  { roots, swept, agents }: Drawn,
  { reader, imagesOf, actsAs, writerOf }: KnownOfAgents,
): ResponseScope {
  const ids = new Set<string>(agents)
  const asked = { material, ids, tainted: taintOf(material, roots) }
  return {
    incident: material.incident.id,
    agents: scopedAgents(material, agents, { reader, imagesOf }),
    principals: scopedPrincipals(material, agents, actsAs),
    tools: scopedTools(asked),
    items: scopedItems(asked, writerOf),
    channels: scopedChannels(asked, swept),
    edges: edgesOf(swept, material),
    destinations: scopedDestinations(asked),
  }
}

/** Pairs of agents between which something went, with what the sweep says of the receiver. */
function edgesOf({ sweep, handovers }: SweptIncident, { principals }: Material): readonly ScopedEdge[] {
  const verdicts = new Map(sweep.receivers.map((one) => [one.receiver, one.verdict]))
  const rows = new Map<string, ScopedEdge>()
  for (const { giver, receiver } of handovers) {
    const verdict = verdicts.get(receiver)
    if (verdict === undefined || principals.has(giver) || !isAgentId(receiver)) continue
    // Both are ids of agents, as their events have them.
    rows.set(JSON.stringify([giver, receiver]), { from: giver as AgentId, to: receiver as AgentId, verdict })
  }
  return [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, edge]) => edge)
}

/** A receiver that no record tells of has no id, but the name that its giver called it. */
function isAgentId(receiver: string): boolean {
  return parseAgentId(receiver) !== undefined
}

/** Whom an agent serves, and under which user its process runs, is none of the identities that it acts as. */
function withoutProcessUsers({ graph, byId }: Material): ExecutionGraph {
  const isOther = ({ kind, events }: GraphNode): boolean =>
    kind === 'identity' &&
    events.length > 0 &&
    events.every((id) => {
      const body = byId.get(id)?.body
      return body?.kind === 'identity' && (body.principalKind === 'process' || body.principalKind === 'user')
    })
  return { ...graph, nodes: graph.nodes.filter((node) => !isOther(node)) }
}

/**
 * What an agent does it does as the identities that it states, also where a span above the act states them; and what an authority
 * recorded of such an identity was done through it.
 */
function identityCrossings(
  { events, nodesOf }: Material,
  { nodes, conversation }: ExecutionGraph,
): readonly Crossing[] {
  const places = (some: readonly GraphNode[]) => some.map(({ id }) => ({ conversation, node: id }))
  const identities = nodes.filter(({ kind }) => kind === 'identity')
  const acts = Map.groupBy(
    nodes.filter(({ kind }) => ACTS.has(kind)),
    ({ agent }) => agent,
  )
  const done = Map.groupBy(
    events.filter(({ body }) => body.kind === 'api-call'),
    ({ body }) => (body.kind === 'api-call' ? principalName(body.principal.id) : ''),
  )
  const byAgent = [...Map.groupBy(identities, ({ agent }) => agent)].map(([agent, own]) => ({
    from: places(acts.get(agent) ?? []),
    to: places(own),
  }))
  const byName = [...Map.groupBy(identities, ({ label }) => principalName(label))].map(([name, own]) => ({
    from: places(own),
    to: places((done.get(name) ?? []).flatMap(({ id }) => nodesOf.get(id) ?? [])),
  }))
  return [...byAgent, ...byName].filter(({ from, to }) => from.length > 0 && to.length > 0)
}

const ACTS: ReadonlySet<GraphNode['kind']> = new Set(['tool', 'egress', 'delegation', 'process'])

/** A record that was written in one node and read in another carried what it held. */
function memoryCrossings({ events, nodesOf, graph }: Material): readonly Crossing[] {
  const records = new Map<string, { readonly from: NodeAt[]; readonly to: NodeAt[] }>()
  for (const { id, body } of events) {
    if (body.kind !== 'memory' || body.record === undefined) continue
    if (body.operation !== 'write' && body.operation !== 'read') continue
    const key = JSON.stringify([body.store, body.record])
    const known = records.get(key) ?? { from: [], to: [] }
    records.set(key, known)
    const side = body.operation === 'write' ? known.from : known.to
    for (const node of nodesOf.get(id) ?? []) side.push({ conversation: graph.conversation, node: node.id })
  }
  return [...records.values()].filter(({ from, to }) => from.length > 0 && to.length > 0)
}
