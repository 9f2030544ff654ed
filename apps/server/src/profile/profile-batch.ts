import { hash } from 'node:crypto'
import {
  addressOf,
  AMOUNTS_PER_EXECUTION,
  chunkOf,
  counted,
  decodeProofs,
  encodeProofs,
  NAMES_PER_ADDRESS,
  pairsOf,
  withCalls,
  withoutProofs,
  type CallPair,
  type Histogram,
  type Observation,
  type Proof,
} from '@holdfast/observe'
import { VOLUME_MEASURES, type AgentRef, type EventSummary, type ProfileDimension } from '@holdfast/model'
import { isLess } from '../views/decimal-order.ts'
import type { FoldOutput, KeyReader } from '../views/fold.ts'
import {
  callsOf,
  dayOf,
  decode,
  decodeHistogram,
  encode,
  encodeHistogram,
  newProfile,
  NO_EXECUTION,
  sumsOf,
  type AmountDoc,
  type ChangeDoc,
  type CountDoc,
  type ExecutionDoc,
  type ExecutionSums,
  type ProcessDoc,
  type ProfileDoc,
  type ValuesDoc,
} from './docs.ts'
import { withValues } from './argument-names.ts'
import { keys } from './keys.ts'
import { PAGE_ROWS } from './limits.ts'

type Place = {
  readonly agent: string
  readonly dimension: ProfileDimension
  readonly day: number
  readonly key: string
}
type Change = { readonly place: Place; readonly more: Proof[]; readonly gone: Proof[] }
type Call = Extract<Observation, { readonly kind: 'call' }>
type Amount = Extract<Observation, { readonly kind: 'amount' }>
type Value = Extract<Observation, { readonly kind: 'value' }>

/** One batch of the profile fold: reads through to the store, collects in memory, and writes each row once. */
export class ProfileBatch {
  readonly #reader: KeyReader
  readonly #puts = new Map<string, Uint8Array | undefined>()
  readonly #agents = new Map<string, ProfileDoc>()
  readonly #changes = new Map<string, Change>()
  readonly #executions = new Map<
    string,
    { readonly agent: string; readonly execution: string; readonly calls: Call[]; readonly amounts: Amount[] }
  >()
  readonly #volumes = new Map<string, Histogram>()
  readonly #values = new Map<string, Value[]>()

  constructor(reader: KeyReader) {
    this.#reader = reader
  }

  agent(id: string, name: string): ProfileDoc {
    const known = this.#agents.get(id)
    if (known !== undefined) return known
    const doc = this.#load<ProfileDoc>(keys.agent(id)) ?? newProfile(id, name)
    this.#agents.set(id, doc)
    return doc
  }

  put(key: string, bytes: Uint8Array): void {
    this.#puts.set(key, bytes)
  }

  add(agent: string, observation: Observation): void {
    switch (observation.kind) {
      case 'seen': {
        const { dimension, key, entry, claimedAt } = observation
        this.#changeAt({ agent, dimension, day: dayOf(claimedAt), key }).more.push({ entry, claimedAt })
        return
      }
      case 'value': {
        const key = keys.values(agent, observation.toolName, observation.path)
        const known = this.#values.get(key)
        if (known === undefined) this.#values.set(key, [observation])
        else known.push(observation)
        return
      }
      case 'call':
        this.#execution(agent, observation.execution).calls.push(observation)
        return
      case 'amount':
        this.#execution(agent, observation.execution).amounts.push(observation)
    }
  }

  /** Of more names than are kept the first in order stay, so that the same ones do whatever came first. */
  addName(agent: string, address: string, name: string): void {
    if (addressOf(`${address}:0`) === undefined) return
    const key = keys.names(agent, address)
    const known = this.#load<string[]>(key) ?? []
    if (known.includes(name)) return
    this.put(key, encode([...known, name].toSorted().slice(0, NAMES_PER_ADDRESS)))
  }

  /** Told again, a change is the one that was claimed first. */
  addChange(agent: AgentRef, id: string, change: ChangeDoc): void {
    if (change.change === 'restart' || change.change === 'replicas') {
      const key = keys.churn(agent.id, id)
      if (this.#get(key) !== undefined) return
      this.put(key, NOTHING)
      const doc = this.agent(agent.id, agent.name)
      if (change.change === 'restart') doc.restarts += 1
      else doc.scalings += 1
      return
    }
    const key = keys.change(agent.id, id)
    const known = this.#load<ChangeDoc>(key)
    if (known === undefined || BigInt(change.claimedAt) < BigInt(known.claimedAt)) this.put(key, encode(change))
    const doc = this.agent(agent.id, agent.name)
    doc.version = Math.max(doc.version, change.entry + 1)
  }

  /** Notes that a process acted, and whether it was seen to start: by an exec of its own, or a fork of its parent's. */
  addProcess(agent: AgentRef, process: string, body: EventSummary['body']): void {
    const isExec = body.kind === 'process' && body.action === 'exec'
    this.#note(agent, process, { started: isExec, acted: true })
    if (body.kind === 'process' && body.action === 'fork')
      this.#note(agent, body.child, { started: true, acted: false })
  }

  output(): FoldOutput {
    for (const { agent, execution, calls, amounts } of this.#executions.values())
      this.#foldExecution(agent, execution, { calls, amounts })
    for (const change of this.#changes.values()) this.#foldChange(change)
    for (const [key, values] of this.#values) this.put(key, encode(withValues(this.#load<ValuesDoc>(key), values)))
    for (const [key, histogram] of this.#volumes)
      this.#puts.set(key, histogram.size === 0 ? undefined : encodeHistogram(histogram))
    for (const doc of this.#agents.values()) this.put(keys.agent(doc.id), encode(doc))
    const puts: [string, Uint8Array][] = []
    const deletes: string[] = []
    for (const [key, bytes] of this.#puts) {
      if (bytes === undefined) deletes.push(key)
      else puts.push([key, bytes])
    }
    // In the store's own order neighbours land on one page.
    return { puts: puts.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)), deletes }
  }

  #note(agent: AgentRef, process: string, { started, acted }: ProcessDoc): void {
    const key = keys.process(agent.id, process)
    const known = this.#load<ProcessDoc>(key) ?? { started: false, acted: false }
    const next = { started: known.started || started, acted: known.acted || acted }
    if (next.started === known.started && next.acted === known.acted) return
    const doc = this.agent(agent.id, agent.name)
    doc.unstarted += Number(isUnstarted(next)) - Number(isUnstarted(known))
    this.put(key, encode(next))
  }

  #execution(agent: string, execution: string): { readonly calls: Call[]; readonly amounts: Amount[] } {
    const key = keys.execution(agent, execution)
    const known = this.#executions.get(key)
    if (known !== undefined) return known
    const opened = { agent, execution, calls: [], amounts: [] }
    this.#executions.set(key, opened)
    return opened
  }

  /** A late call may come to stand between two others: their pair goes, and two come. */
  #foldExecution(
    agent: string,
    execution: string,
    more: { readonly calls: readonly Call[]; readonly amounts: readonly Amount[] },
  ): void {
    const key = keys.execution(agent, execution)
    const before = this.#load<ExecutionDoc>(key) ?? NO_EXECUTION
    const calls = withCalls(callsOf(before), more.calls)
    const after: ExecutionDoc = {
      calls: calls.map(({ claimedAt, event, toolName, teller, entry }) => [
        claimedAt.toString(),
        event,
        toolName,
        teller,
        entry,
      ]),
      ...withAmounts(before, more.amounts),
    }
    this.put(key, encode(after))
    for (const { claimedAt } of [...more.calls, ...more.amounts])
      this.put(keys.executionDay(agent, dayOf(claimedAt), execution), NOTHING)
    this.#movePairs(agent, pairsOf(callsOf(before)), pairsOf(calls))
    this.#moveSums(agent, sumsOf(before), sumsOf(after))
  }

  #movePairs(agent: string, before: readonly CallPair[], after: readonly CallPair[]): void {
    const left = Map.groupBy(before, nameOf)
    const place = ({ key, claimedAt }: CallPair): Place => ({
      agent,
      dimension: 'tool-order',
      day: dayOf(claimedAt),
      key,
    })
    for (const pair of after) {
      if (left.get(nameOf(pair))?.pop() === undefined) this.#changeAt(place(pair)).more.push(pair)
    }
    for (const pair of [...left.values()].flat()) this.#changeAt(place(pair)).gone.push(pair)
  }

  #moveSums(agent: string, before: ExecutionSums | undefined, after: ExecutionSums | undefined): void {
    for (const [sums, by] of [
      [before, -1],
      [after, 1],
    ] as const) {
      for (const [measure, amount] of sums?.sums ?? []) {
        const key = keys.volume(agent, measure, sums?.day ?? 0)
        const known = this.#volumes.get(key) ?? decodeHistogram(this.#get(key))
        this.#volumes.set(key, counted(known, amount, by))
      }
    }
  }

  #changeAt(place: Place): Change {
    const key = keys.proofs(place)
    const known = this.#changes.get(key)
    if (known !== undefined) return known
    const change = { place, more: [], gone: [] }
    this.#changes.set(key, change)
    return change
  }

  #foldChange({ place, more, gone }: Change): void {
    const { agent, dimension, day, key } = place
    const prefix = keys.proofs(place)
    const chunks = new Set([...more, ...gone].map(({ entry }) => chunkOf(entry)))
    for (const chunk of chunks) {
      const inChunk = (proof: Proof): boolean => chunkOf(proof.entry) === chunk
      const chunkKey = prefix + keys.chunk(chunk)
      const known = decodeProofs(this.#get(chunkKey) ?? NOTHING)
      const next = withoutProofs([...known, ...more.filter(inChunk)], gone.filter(inChunk))
      this.#puts.set(chunkKey, next.length === 0 ? undefined : encodeProofs(next))
      this.put(keys.chunkDay(agent, chunk, day), NOTHING)
    }
    const countKey = keys.count(agent, dimension, day, key)
    const count = this.#countOf(countKey, prefix, { more, gone })
    this.#puts.set(countKey, count === undefined ? undefined : encode(count))
  }

  #countOf(key: string, prefix: string, { more, gone }: Pick<Change, 'more' | 'gone'>): CountDoc | undefined {
    const known = this.#load<CountDoc>(key)
    const count = (known?.[0] ?? 0) + more.length - gone.length
    if (count <= 0) return undefined
    // What goes may have been the first or the last: then all of the day's proofs say what is.
    const times =
      gone.length > 0
        ? this.#proofsBelow(prefix).map(({ claimedAt }) => claimedAt)
        : [
            ...(known === undefined ? [] : [BigInt(known[1]), BigInt(known[2])]),
            ...more.map(({ claimedAt }) => claimedAt),
          ]
    const first = times.reduce((least, time) => (time < least ? time : least))
    const last = times.reduce((most, time) => (time > most ? time : most))
    return [count, first.toString(), last.toString()]
  }

  #proofsBelow(prefix: string): readonly Proof[] {
    const rows = new Map<string, Uint8Array | undefined>(this.#reader.scan({ prefix, limit: PAGE_ROWS }))
    for (const [key, bytes] of this.#puts) if (key.startsWith(prefix)) rows.set(key, bytes)
    return [...rows.values()].flatMap((bytes) => (bytes === undefined ? [] : decodeProofs(bytes)))
  }

  #get(key: string): Uint8Array | undefined {
    return this.#puts.has(key) ? this.#puts.get(key) : this.#reader.get(key)
  }

  #load<T>(key: string): T | undefined {
    const bytes = this.#get(key)
    return bytes === undefined ? undefined : decode<T>(bytes)
  }
}

const NOTHING = new Uint8Array(0)

/** Amounts of an execution, each event's once. Of more than are kept the earliest stay apart, and the rest adds up. */
function withAmounts(
  before: ExecutionDoc,
  more: readonly Amount[],
): Pick<ExecutionDoc, 'amounts' | 'more' | 'moreFrom'> {
  const byId = new Map(before.amounts.map((amount) => [amount[0], amount]))
  for (const { event, measure, amount, claimedAt, entry } of more) {
    const id = hash('sha256', `${event} ${measure}`, 'hex').slice(0, 16)
    const known = byId.get(id)
    if (known === undefined || entry < known[4])
      byId.set(id, [id, VOLUME_MEASURES.indexOf(measure), amount, claimedAt.toString(), entry])
  }
  const all = [...byId.values()].toSorted(byTime)
  const beyond = all.slice(AMOUNTS_PER_EXECUTION)
  const sums = [...before.more]
  let from = before.moreFrom
  for (const [, measure, amount, claimedAt] of beyond) {
    sums[measure] = (sums[measure] ?? 0) + amount
    if (from === '' || isLess(claimedAt, from)) from = claimedAt
  }
  return { amounts: all.slice(0, AMOUNTS_PER_EXECUTION), more: sums, moreFrom: from }
}

function byTime(a: AmountDoc, b: AmountDoc): number {
  return (a[3] === b[3] ? a[0] < b[0] : isLess(a[3], b[3])) ? -1 : 1
}

function nameOf({ key, claimedAt, entry }: CallPair): string {
  return `${entry} ${claimedAt} ${key}`
}

function isUnstarted({ started, acted }: ProcessDoc): boolean {
  return acted && !started
}
