import type { EventSummary } from '@holdfast/model'
import type { Handover, SweptText } from '@holdfast/respond'
import type { Material } from './material.ts'
import { HANDOVERS_MADE } from './limits.ts'
import { sweptText } from './texts.ts'

/** What a hand-over is read from. */
type Told = Pick<EventSummary, 'id' | 'entry' | 'agent' | 'body'>
type Given = Pick<Material, 'graph' | 'principals' | 'texts'> & { readonly events: readonly Told[] }
type DelegationEvent = Told & { readonly body: Extract<EventSummary['body'], { readonly kind: 'delegation' }> }

/**
 * Everything that went from one agent to another: work that was handed over, memory that one wrote and another read, and what the
 * graph joins across agents without saying what crossed. One agent's own members share its id, and what passes between them
 * is no hand-over.
 */
export function handOversOf(material: Given): HandOvers {
  const bound = new Bound()
  const told = [...statedHandOvers(material, bound), ...sharedMemory(material, bound)]
  return { handovers: [...told, ...joinedOnly(material, told)], beyond: bound.beyond }
}

export type HandOvers = {
  readonly handovers: readonly Handover[]
  /** At most so many were left out: nobody knows whom they reached. */
  readonly beyond: number
}

/** Givers times receivers may be any number: what is past the bound is counted and not made. */
class Bound {
  #left = HANDOVERS_MADE
  beyond = 0

  /** True where one more may be made. */
  take(): boolean {
    if (this.isFull) {
      this.beyond++
      return false
    }
    this.#left--
    return true
  }

  get isFull(): boolean {
    return this.#left === 0
  }
}

/** A stated delegation, once, with the payload of whoever captured it. */
function statedHandOvers({ events, principals, texts }: Given, bound: Bound): readonly Handover[] {
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
    const receivers = byId ?? named.get(body.to) ?? new Set([body.to])
    if (bound.isFull) {
      bound.beyond += receivers.size
      continue
    }
    if (receivers.size === 1 && receivers.has(agent.id)) continue
    const full = texts.event(event)
    const payload = sweptText(full?.body.kind === 'delegation' ? full.body.payload : undefined, event.entry)
    for (const receiver of receivers) {
      if (receiver === agent.id || !bound.take()) continue
      const id = `${body.delegationId ?? event.id} ${agent.id} ${receiver}`
      const before = found.get(id)
      if (before === undefined || (before.payload.state === 'absent' && payload.state !== 'absent'))
        found.set(id, { id, giver: agent.id, receiver, payload })
    }
  }
  return [...found.values()]
}

function isDelegation(event: Told): event is DelegationEvent {
  return event.body.kind === 'delegation'
}

/** The side that was given the work tells of the same id, under the name that the giver gave it. */
function isTaker(agent: Told['agent'], { to, delegationId }: DelegationEvent['body']): boolean {
  return delegationId !== undefined && (to === agent.name || to === agent.member)
}

/** A record that one agent wrote and another read: its text is what crossed, once however often it was written and read. */
function sharedMemory({ events, texts }: Given, bound: Bound): readonly Handover[] {
  const found: Handover[] = []
  for (const [, { record, writes, readers }] of recordsOf(events))
    for (const write of writes.values()) {
      if (bound.isFull) {
        bound.beyond += readers.size
        continue
      }
      const giver = write.agent.id
      if (readers.size === 0 || (readers.size === 1 && readers.has(giver))) continue
      const full = texts.event(write)
      const payload = sweptText(full?.body.kind === 'memory' ? full.body.content : undefined, write.entry)
      for (const receiver of readers)
        if (receiver !== giver && bound.take())
          found.push({ id: `memory ${record} ${write.id} ${receiver}`, giver, receiver, payload })
    }
  return found
}

type MemoryRecord = {
  readonly record: string
  /** The first of each agent and text. */
  readonly writes: Map<string, Told>
  readonly readers: Set<string>
}

function recordsOf(events: readonly Told[]): ReadonlyMap<string, MemoryRecord> {
  const records = new Map<string, MemoryRecord>()
  for (const event of events) {
    const { agent, body } = event
    if (body.kind !== 'memory' || body.operation === 'delete' || body.record === undefined) continue
    const { store, record, content } = body
    const key = JSON.stringify([store, record])
    const known = records.get(key) ?? { record, writes: new Map<string, Told>(), readers: new Set<string>() }
    records.set(key, known)
    if (body.operation === 'read') {
      known.readers.add(agent.id)
      continue
    }
    const text = JSON.stringify([agent.id, content.state, 'digest' in content ? content.digest : ''])
    const before = known.writes.get(text)
    if (before === undefined || event.id < before.id) known.writes.set(text, event)
  }
  return records
}

/** Pairs of agents between which the graph has an edge and nothing else says what crossed. */
function joinedOnly({ graph, principals }: Given, told: readonly Handover[]): readonly Handover[] {
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
  events: readonly Told[],
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
