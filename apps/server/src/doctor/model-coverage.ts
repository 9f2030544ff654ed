import type { ApiEvent, ModelCoverageWire } from '@holdfast/api'
import { isModelHost } from '@holdfast/declare'

/** Events by their kind, of whatever agents. */
export type ModelEvents = {
  /** Of the kernel: sockets that were opened and closed, and what names stand for. */
  readonly connections: readonly ApiEvent[]
  readonly names: readonly ApiEvent[]
  /** What was told of model calls, and the prompts that came with them. */
  readonly calls: readonly ApiEvent[]
  readonly prompts: readonly ApiEvent[]
}

/** How far the start of a call as it is told and of its connection as the kernel saw it may lie apart, nanoseconds. */
const APART_NS = 5_000_000_000n

/**
 * For each agent, connections to models that the kernel saw open, and for how many of them a prompt was captured: each captured
 * call stands for one connection that was open while it ran, and no call for two. A connection that carries several calls counts
 * once, so what is hidden behind a captured call on the same connection is not seen here.
 *
 * `settled`: connections that opened later are left out, because what is told of them may be on its way.
 */
export function modelCoverage(events: ModelEvents, settled: bigint): ModelCoverageWire {
  const isModel = modelEndsOf(events)
  const opened = connectionsOf(events.connections, settled).filter(({ remote }) => isModel(remote))
  const byAgent = Map.groupBy(opened, ({ agent }) => agent.id)
  const agents = [...byAgent].map(([agent, connections]) => {
    const captured = coveredOf(connections, callsOf(events.prompts, agent))
    const name = connections[0]?.agent.name ?? agent
    return { agent, name, connections: connections.length, captured, share: captured / connections.length }
  })
  const [connections, captured] = [sum(agents.map((one) => one.connections)), sum(agents.map((one) => one.captured))]
  return {
    connections,
    captured,
    ...(connections === 0 ? {} : { share: captured / connections }),
    agents: agents.toSorted((a, b) => a.share - b.share || (a.agent < b.agent ? -1 : 1)),
  }
}

type Connection = {
  readonly agent: ApiEvent['agent']
  readonly remote: string
  readonly from: bigint
  /** Undefined while it is open. */
  readonly to: bigint | undefined
}

function connectionsOf(events: readonly ApiEvent[], settled: bigint): readonly Connection[] {
  const kernel = events.filter(({ source }) => source.tier === 'kernel')
  const closed = new Map(
    kernel.flatMap(({ facts, claimedAt, agent }) =>
      facts['action'] === 'close' ? [[socketOf(agent.id, facts), BigInt(claimedAt)] as const] : [],
    ),
  )
  const found = new Map<string, Connection>()
  for (const { id, facts, agent, claimedAt } of kernel) {
    const { action, remote, result } = facts
    const from = BigInt(claimedAt)
    // A socket that does not block answers that it is on its way.
    const isOpened = result === 0 || String(result).startsWith('-115')
    if (action !== 'connect' || facts['protocol'] !== 'tcp' || !isOpened || typeof remote !== 'string') continue
    if (from > settled) continue
    const socket = facts['socket'] === undefined ? id : socketOf(agent.id, facts)
    const known = found.get(socket)
    // Of one socket the first attempt counts.
    if (known === undefined || from < known.from) found.set(socket, { agent, remote, from, to: closed.get(socket) })
  }
  return [...found.values()].toSorted((a, b) => order(a.from, b.from))
}

function socketOf(agent: string, facts: ApiEvent['facts']): string {
  return `${agent} ${String(facts['socket'])}`
}

/** A connection goes to a model by the name that it was looked up under, or because a model call says that it went there. */
function modelEndsOf({ names, calls }: ModelEvents): (remote: string) => boolean {
  const namesOf = new Map<string, Set<string>>()
  for (const { facts } of names) {
    const { name, answers } = facts
    if (facts['action'] !== 'answer' || typeof name !== 'string' || typeof answers !== 'string') continue
    for (const address of answers.split(', ')) namesOf.set(address, (namesOf.get(address) ?? new Set()).add(name))
  }
  const told = new Set(calls.flatMap(({ facts }) => (typeof facts['endpoint'] === 'string' ? [facts['endpoint']] : [])))
  return (remote) => {
    const at = remote.lastIndexOf(':')
    const [address, port] = [remote.slice(0, at).replace(/^\[|\]$/g, ''), remote.slice(at + 1)]
    const hosts = [address, ...(namesOf.get(address) ?? [])]
    return hosts.some((host) => isModelHost(host) || told.has(host) || told.has(`${host}:${port}`))
  }
}

type Call = { readonly channel: string; readonly from: bigint; readonly to: bigint }

const CAPTURED: ReadonlySet<string> = new Set(['captured', 'redacted', 'truncated'])

/** Calls of an agent of which a prompt was captured, in whole or in part, in the order in which they began. */
function callsOf(prompts: readonly ApiEvent[], agent: string): readonly Call[] {
  const calls = new Map<string, Call>()
  for (const { agent: own, contents, source, trace, span, entry, claimedAt, claimedUntil } of prompts) {
    if (own.id !== agent || !contents.some(({ state }) => CAPTURED.has(state))) continue
    const { channel } = source
    const key = `${channel} ${trace === undefined || span === undefined ? entry : `${trace} ${span}`}`
    const known = calls.get(key)
    const [from, to] = [BigInt(claimedAt), BigInt(claimedUntil ?? claimedAt)]
    calls.set(key, {
      channel,
      from: known === undefined || from < known.from ? from : known.from,
      to: known === undefined || to > known.to ? to : known.to,
    })
  }
  return [...calls.values()].toSorted((a, b) => order(a.from, b.from))
}

/** How many connections have a captured call. Two channels may tell of the same call, so each stands for itself. */
function coveredOf(connections: readonly Connection[], calls: readonly Call[]): number {
  const covered = new Set<Connection>()
  for (const own of Map.groupBy(calls, ({ channel }) => channel).values()) {
    const free = new Set(connections)
    for (const call of own) {
      let first: Connection | undefined
      for (const one of candidates(free, call)) if (first === undefined || endOf(one) < endOf(first)) first = one
      if (first === undefined) continue
      free.delete(first)
      covered.add(first)
    }
  }
  return covered.size
}

/** Those that were open while the call ran; what closed long before the call will fit no later one either. */
function* candidates(free: Set<Connection>, { from, to }: Call): Generator<Connection> {
  for (const connection of free) {
    if (connection.from > to + APART_NS) return
    if (endOf(connection) < from - APART_NS) free.delete(connection)
    else yield connection
  }
}

const NEVER = (1n << 63n) - 1n

function endOf({ to }: Connection): bigint {
  return to ?? NEVER
}

function order(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
