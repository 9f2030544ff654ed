import type { EventSummary } from '@holdfast/model'
import type { Handover, SweptText } from '@holdfast/respond'
import type { Material } from './material.ts'
import { sweptText } from './texts.ts'

type DelegationEvent = EventSummary & { readonly body: Extract<EventSummary['body'], { readonly kind: 'delegation' }> }

/**
 * Everything that went from one agent to another: work that was handed over, memory that one wrote and another read, and what the
 * graph joins across agents without saying what crossed. One agent's own members share its id, and what passes between them
 * is no hand-over.
 */
export function handOversOf(material: Material): readonly Handover[] {
  const stated = statedHandOvers(material)
  const remembered = sharedMemory(material)
  return [...stated, ...remembered, ...joinedOnly(material, [...stated, ...remembered])]
}

/** A stated delegation, once, with the payload of whoever captured it. */
function statedHandOvers({ events, principals, texts }: Material): readonly Handover[] {
  const delegations = events.filter(isDelegation)
  const takers = new Map<string, Set<string>>()
  for (const { agent, body } of delegations)
    if (body.delegationId !== undefined && isTaker(agent, body)) addTo(takers, body.delegationId, agent.id)
  const named = agentsByName(events, principals)
  const found = new Map<string, Handover>()
  for (const event of delegations) {
    const { agent, body } = event
    if (isTaker(agent, body)) continue
    const byId = body.delegationId === undefined ? undefined : takers.get(body.delegationId)
    const receivers = [...(byId ?? named.get(body.to) ?? [body.to])].filter((receiver) => receiver !== agent.id)
    if (receivers.length === 0) continue
    const full = texts.event(event)
    const payload = sweptText(full?.body.kind === 'delegation' ? full.body.payload : undefined, event.entry)
    for (const receiver of receivers) {
      const id = `${body.delegationId ?? event.id} ${agent.id} ${receiver}`
      const before = found.get(id)
      if (before === undefined || (before.payload.state === 'absent' && payload.state !== 'absent'))
        found.set(id, { id, giver: agent.id, receiver, payload })
    }
  }
  return [...found.values()]
}

function isDelegation(event: EventSummary): event is DelegationEvent {
  return event.body.kind === 'delegation'
}

/** The side that was given the work tells of the same id, under the name that the giver gave it. */
function isTaker(agent: EventSummary['agent'], { to, delegationId }: DelegationEvent['body']): boolean {
  return delegationId !== undefined && (to === agent.name || to === agent.member)
}

/** A record that one agent wrote and another read: its text is what crossed. */
function sharedMemory({ events, texts }: Material): readonly Handover[] {
  const writers = new Map<string, EventSummary[]>()
  for (const event of events) {
    const { body } = event
    if (body.kind !== 'memory' || body.operation !== 'write' || body.record === undefined) continue
    const key = JSON.stringify([body.store, body.record])
    writers.set(key, [...(writers.get(key) ?? []), event])
  }
  return events.flatMap(({ agent, body }): readonly Handover[] => {
    if (body.kind !== 'memory' || body.operation !== 'read' || body.record === undefined) return []
    const { record } = body
    return (writers.get(JSON.stringify([body.store, record])) ?? [])
      .filter((write) => write.agent.id !== agent.id)
      .map((write) => {
        const full = texts.event(write)
        const payload = sweptText(full?.body.kind === 'memory' ? full.body.content : undefined, write.entry)
        return { id: `memory ${record} ${write.id} ${agent.id}`, giver: write.agent.id, receiver: agent.id, payload }
      })
  })
}

/** Pairs of agents between which the graph has an edge and nothing else says what crossed. */
function joinedOnly({ graph, principals }: Material, told: readonly Handover[]): readonly Handover[] {
  const known = new Set(told.map(pairOf))
  const receivers = new Set(told.map(({ receiver }) => receiver))
  const agentOf = new Map(graph.nodes.map(({ id, agent }) => [id, agent]))
  const payload: SweptText = { state: 'absent', reason: 'nothing says what crossed here' }
  const pairs = new Map<string, Handover>()
  for (const { from, to, kind } of graph.edges) {
    const [giver, receiver] = [agentOf.get(from), agentOf.get(to)]
    // An answer that comes back to the giver is no work that is handed on.
    if (giver === undefined || receiver === undefined || giver === receiver || kind === 'returned') continue
    if (principals.has(giver) || principals.has(receiver)) continue
    // A value may have come over agents between, whose hand-overs are told.
    if (kind === 'carried' && receivers.has(receiver)) continue
    const handover = { id: `edge ${from} ${to}`, giver, receiver, payload }
    const pair = pairOf(handover)
    if (!known.has(pair) && !pairs.has(pair)) pairs.set(pair, handover)
  }
  return [...pairs.values()]
}

function agentsByName(
  events: readonly EventSummary[],
  principals: ReadonlySet<string>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>()
  for (const { agent } of events) {
    if (principals.has(agent.id)) continue
    for (const name of [agent.id, agent.name, agent.member, agent.id.slice(agent.id.lastIndexOf('/') + 1)])
      if (name !== undefined) addTo(found, name, agent.id)
  }
  return found
}

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, new Set([value]))
  else known.add(value)
}

function pairOf({ giver, receiver }: Pick<Handover, 'giver' | 'receiver'>): string {
  return JSON.stringify([giver, receiver])
}
