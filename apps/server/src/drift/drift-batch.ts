import { hash } from 'node:crypto'
import { VOLUME_MEASURES, type ClockKind, type EventBody, type EventSummary } from '@holdfast/model'
import { withCalls, type Observation, type OrderedCall } from '@holdfast/observe'
import type { Act } from '@holdfast/reconcile'
import { isLess } from '../views/decimal-order.ts'
import type { FoldOutput, KeyReader } from '../views/fold.ts'
import {
  dayOf,
  decode,
  encode,
  type ActDoc,
  type AgentDoc,
  type AmountDoc,
  type ChangeDoc,
  type DayDoc,
  type DecisionDoc,
  type DocumentDoc,
  type ExecutionDoc,
} from './docs.ts'
import { keys } from './keys.ts'
import { ACTS_KEPT, AMOUNTS_KEPT } from './limits.ts'

/** What one event adds to its execution. */
export type Added = {
  readonly event: EventSummary
  readonly observations: readonly Observation[]
  readonly acts: readonly Act[]
  readonly began: 'message' | 'invocation' | undefined
}

type Collected = { readonly agent: string; readonly execution: string; readonly added: Added[] }

/** One batch of the drift fold: reads through to the store, collects in memory, and writes each row once. */
export class DriftBatch {
  readonly #reader: KeyReader
  readonly #puts = new Map<string, Uint8Array>()
  readonly #deletes: string[] = []
  readonly #agents = new Map<string, AgentDoc>()
  readonly #days = new Map<string, DayDoc>()
  readonly #executions = new Map<string, Collected>()

  constructor(reader: KeyReader) {
    this.#reader = reader
  }

  /** Something of the agent changed that its days do not hold. */
  touch(agent: string, entry: number): void {
    const doc = this.#agent(agent, agent)
    doc.version = Math.max(doc.version, entry + 1)
  }

  heard({ agent, claimedAt, entry, source }: EventSummary, clock: ClockKind): void {
    const doc = this.#agent(agent.id, agent.name)
    if (agent.name < doc.name) doc.name = agent.name
    if (!doc.clocks.includes(clock)) doc.clocks = [...doc.clocks, clock].toSorted()
    const time = claimedAt.toString()
    if (doc.firstClaimed === '' || isLess(time, doc.firstClaimed)) doc.firstClaimed = time
    if (doc.lastClaimed === '' || isLess(doc.lastClaimed, time)) doc.lastClaimed = time
    doc.version = Math.max(doc.version, entry + 1)
    this.#stamp(agent.id, dayOf(claimedAt), { version: entry + 1, tiers: [source.tier] })
  }

  addTo(agent: string, execution: string, added: Added): void {
    const key = keys.dayOfExecution(agent, execution)
    const known = this.#executions.get(key)
    if (known === undefined) this.#executions.set(key, { agent, execution, added: [added] })
    else known.added.push(added)
  }

  /** Told again, a change is the one that was claimed first, and of two with one claim the first that was recorded. */
  addChange(event: EventSummary, body: Extract<EventBody, { readonly kind: 'change' }>): void {
    const { kind: _kind, ...change } = body
    // A source that says no time told of it when it was received.
    const at = event.claimedAt === 0n ? event.recordedAt : event.claimedAt
    const doc: ChangeDoc = { ...change, at: at.toString(), entry: event.entry, event: event.id }
    const id = `${change.change} ${change.subject} ${change.changeId ?? `${event.claimedAt} ${event.id}`}`
    const key = keys.change(event.agent.id, id)
    const known = this.#load<ChangeDoc>(key)
    if (known === undefined || isFirst(doc, known)) this.#puts.set(key, encode(doc))
    this.touch(event.agent.id, event.entry)
  }

  /** Of several verdicts on one change the newest record holds. */
  addDecision(agent: string, change: string, doc: DecisionDoc): void {
    const key = keys.decision(agent, change)
    const known = this.#load<DecisionDoc>(key)
    if (known === undefined || known.entry < doc.entry) this.#puts.set(key, encode(doc))
    this.touch(agent, doc.entry)
  }

  addDocument(event: EventSummary, document: string, parts: DocumentDoc['parts']): void {
    if (parts.length === 0) return
    const doc: DocumentDoc = { at: event.claimedAt.toString(), entry: event.entry, event: event.id, parts }
    this.#puts.set(keys.document(event.agent.id, document, event.claimedAt), encode(doc))
    this.touch(event.agent.id, event.entry)
  }

  output(): FoldOutput {
    for (const collected of this.#executions.values()) this.#foldExecution(collected)
    for (const [key, doc] of this.#days) this.#puts.set(key, encode(doc))
    for (const doc of this.#agents.values()) this.#puts.set(keys.agent(doc.id), encode(doc))
    return { puts: [...this.#puts].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)), deletes: this.#deletes }
  }

  #foldExecution({ agent, execution, added }: Collected): void {
    const dayKey = keys.dayOfExecution(agent, execution)
    const dayBefore = this.#load<number>(dayKey)
    const keyBefore = dayBefore === undefined ? undefined : keys.execution(agent, dayBefore, execution)
    const before = keyBefore === undefined ? undefined : this.#load<ExecutionDoc>(keyBefore)
    const after = withAdded(before ?? NO_EXECUTION, added)
    const day = dayOf(BigInt(after.first))
    this.#puts.set(keys.execution(agent, day, execution), encode(after))
    if (day !== dayBefore) {
      this.#puts.set(dayKey, encode(day))
      if (keyBefore !== undefined) this.#deletes.push(keyBefore)
    }
    // No spread: a sender chooses how many there are, and arguments of a call have a bound.
    const version = added.reduce((newest, { event }) => Math.max(newest, event.entry), 0) + 1
    // The day that it counts for is that of its first act, which a late one may move.
    const days = new Set([
      ...(dayBefore === undefined ? [] : [dayBefore]),
      ...added.map(({ event }) => dayOf(event.claimedAt)),
      day,
    ])
    for (const one of days) this.#stamp(agent, one, { version, tiers: [] })
  }

  #stamp(agent: string, day: number, { version, tiers }: DayDoc): void {
    const key = keys.day(agent, day)
    const known = this.#days.get(key) ?? this.#load<DayDoc>(key) ?? { version: 0, tiers: [] }
    const isKnown = tiers.every((tier) => known.tiers.includes(tier))
    this.#days.set(key, {
      version: Math.max(known.version, version),
      tiers: isKnown ? known.tiers : [...new Set([...known.tiers, ...tiers])].toSorted(),
    })
  }

  #agent(id: string, name: string): AgentDoc {
    const known = this.#agents.get(id)
    if (known !== undefined) return known
    const doc =
      this.#load<AgentDoc>(keys.agent(id)) ??
      ({ id, name, clocks: [], firstClaimed: '', lastClaimed: '', version: 0 } satisfies AgentDoc)
    this.#agents.set(id, doc)
    return doc
  }

  #load<T>(key: string): T | undefined {
    const bytes = this.#puts.get(key) ?? this.#reader.get(key)
    return bytes === undefined ? undefined : decode<T>(bytes)
  }
}

const NO_EXECUTION: ExecutionDoc = { first: '', acts: [], calls: [], amounts: [], more: {}, began: [] }

function withAdded(before: ExecutionDoc, added: readonly Added[]): ExecutionDoc {
  const firsts = [...(before.first === '' ? [] : [BigInt(before.first)]), ...added.map(({ event }) => event.claimedAt)]
  return {
    first: firsts.reduce((least, at) => (at < least ? at : least)).toString(),
    acts: withActs(before.acts, added),
    calls: withCallsOf(before.calls, added),
    ...withAmounts(before, added),
    began: [...new Set([...before.began, ...added.flatMap(({ began }) => began ?? [])])].toSorted(),
  }
}

/** The first of each, and of more than are kept the earliest, so that the same ones stay in whatever order they come. */
function withActs(before: readonly ActDoc[], added: readonly Added[]): readonly ActDoc[] {
  const byName = new Map(before.map((act) => [`${act[0]}\n${act[1]}`, act]))
  const take = (act: ActDoc): void => {
    const name = `${act[0]}\n${act[1]}`
    const known = byName.get(name)
    if (known === undefined || isEarlier(act, known)) byName.set(name, act)
  }
  for (const { observations, acts } of added) {
    for (const one of observations) {
      const at = one.claimedAt.toString()
      if (one.kind === 'seen') take([one.dimension, one.key, at, one.entry])
      else if (one.kind === 'value')
        take(['argument-value', `${one.toolName} ${one.path} ${one.digest}`, at, one.entry])
    }
    for (const { dimension, key, at, entry } of acts) take([dimension, key, at.toString(), entry])
  }
  const all = [...byName.values()].toSorted((a, b) => (isEarlier(a, b) ? -1 : 1))
  return all.slice(0, ACTS_KEPT)
}

function isFirst(a: ChangeDoc, b: ChangeDoc): boolean {
  return a.at === b.at ? a.entry < b.entry : BigInt(a.at) < BigInt(b.at)
}

function isEarlier(a: ActDoc, b: ActDoc): boolean {
  if (a[2] !== b[2]) return isLess(a[2], b[2])
  const [one, other] = [`${a[0]}\n${a[1]}`, `${b[0]}\n${b[1]}`]
  return one === other ? a[3] < b[3] : one < other
}

function withCallsOf(before: ExecutionDoc['calls'], added: readonly Added[]): ExecutionDoc['calls'] {
  const kept = before.map(([at, event, toolName, teller, entry]): OrderedCall => ({
    claimedAt: BigInt(at),
    event,
    toolName,
    teller,
    entry,
  }))
  const more = added.flatMap(({ observations }) => observations.flatMap((one) => (one.kind === 'call' ? [one] : [])))
  if (more.length === 0) return before
  return withCalls(kept, more).map(({ claimedAt, event, toolName, teller, entry }) => [
    claimedAt.toString(),
    event,
    toolName,
    teller,
    entry,
  ])
}

/** Amounts, each event's once. Of more than are kept the earliest stay apart, and the rest adds up by who tells it. */
function withAmounts(before: ExecutionDoc, added: readonly Added[]): Pick<ExecutionDoc, 'amounts' | 'more'> {
  const byId = new Map(before.amounts.map((amount) => [amount[0], amount]))
  for (const { event, observations } of added)
    for (const one of observations) {
      if (one.kind !== 'amount') continue
      const id = hash('sha256', `${one.event} ${one.measure}`, 'hex').slice(0, 16)
      const known = byId.get(id)
      if (known !== undefined && known[5] <= one.entry) continue
      const teller = `${event.source.tier} ${event.source.channel}`
      byId.set(id, [id, VOLUME_MEASURES.indexOf(one.measure), one.amount, teller, one.claimedAt.toString(), one.entry])
    }
  const all = [...byId.values()].toSorted(byTime)
  const more = { ...before.more }
  for (const [, measure, amount, teller] of all.slice(AMOUNTS_KEPT)) {
    const name = `${measure} ${teller}`
    more[name] = (more[name] ?? 0) + amount
  }
  return { amounts: all.slice(0, AMOUNTS_KEPT), more }
}

function byTime(a: AmountDoc, b: AmountDoc): number {
  return (a[4] === b[4] ? a[0] < b[0] : isLess(a[4], b[4])) ? -1 : 1
}
