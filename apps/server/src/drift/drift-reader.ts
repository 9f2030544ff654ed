import type { StepsOfWork } from '@holdfast/detect'
import { pairsOf } from '@holdfast/observe'
import { driftDay, type Act, type DriftDay, type Execution, type RecordedChange } from '@holdfast/reconcile'
import { formatRfc3339, VOLUME_MEASURES, type DriftDecision, type UnixNano, type VolumeMeasure } from '@holdfast/model'
import type { ProjectionStore } from '@holdfast/recorder'
import {
  dayOf,
  decode,
  type AgentDoc,
  type ChangeDoc,
  type DayDoc,
  type DecisionDoc,
  type DocumentDoc,
  type ExecutionDoc,
} from './docs.ts'
import { keys, partOf } from './keys.ts'
import { CHANGES_READ, DECISIONS_READ, EXECUTIONS_A_DAY, EXECUTIONS_A_STEP, PAGE_ROWS } from './limits.ts'

type Store = Pick<ProjectionStore, 'get' | 'scan'>

/** One agent as the drift projection has it. Days are read again only when something of them changed. */
export class DriftReader {
  readonly #store: Store
  readonly #agent: string
  readonly #days = new Map<number, { readonly version: number; readonly names: number; readonly day: DriftDay }>()

  constructor(store: Store, agent: string) {
    this.#store = store
    this.#agent = agent
  }

  doc(): AgentDoc | undefined {
    const bytes = this.#store.get(keys.agent(this.#agent))
    return bytes === undefined ? undefined : decode<AgentDoc>(bytes)
  }

  /** Days with anything on them, in order, and who told of each. */
  heard(): readonly { readonly day: number; readonly doc: DayDoc }[] {
    return this.#store
      .scan({ prefix: keys.days(this.#agent), limit: PAGE_ROWS })
      .map(([key, bytes]) => ({ day: Number(partOf(key, 2)), doc: decode<DayDoc>(bytes) }))
  }

  /**
   * Days from `from` to `to`, without what was claimed after `until`. `shownAs` is how the profile shows a key, and `names`
   * tells one set of names of addresses from another. Some executions are a step: a day of a busy agent has thousands.
   */
  *days(given: {
    readonly from: number
    readonly to: number
    readonly until: bigint | undefined
    readonly names: number
    readonly shownAs: (dimension: 'destination', key: string) => string
  }): StepsOfWork<readonly DriftDay[]> {
    const days: DriftDay[] = []
    for (const { day, doc } of this.heard()) {
      if (day < given.from || day > given.to) continue
      const known = this.#days.get(day)
      const isWhole = given.until === undefined || dayOf(given.until) > day
      if (isWhole && known?.version === doc.version && known.names === given.names) {
        days.push(known.day)
        continue
      }
      const read = driftDay(day, yield* this.#executions(day, given))
      if (isWhole) this.#days.set(day, { version: doc.version, names: given.names, day: read })
      days.push(read)
      yield
    }
    return days
  }

  /** Recorded changes, and what documents stated otherwise than before, in order of time. */
  changes(): readonly (RecordedChange & { readonly isChurn: boolean })[] {
    const recorded = this.#store
      .scan({ prefix: keys.changes(this.#agent), limit: CHANGES_READ })
      .map(([, bytes]) => recordedChange(decode<ChangeDoc>(bytes)))
    return [...recorded, ...this.#stated()].toSorted((a, b) =>
      a.time !== b.time ? (a.time < b.time ? -1 : 1) : a.event < b.event ? -1 : 1,
    )
  }

  decisions(): ReadonlyMap<string, DriftDecision> {
    const found = new Map<string, DriftDecision>()
    for (const [key, bytes] of this.#store.scan({ prefix: keys.decisions(this.#agent), limit: DECISIONS_READ })) {
      const { verdict, by, reason, at, entry } = decode<DecisionDoc>(bytes)
      if (verdict !== 'withdrawn') found.set(partOf(key, 2), { verdict, by, reason, at: timeText(BigInt(at)), entry })
    }
    return found
  }

  *#executions(
    day: number,
    {
      until,
      shownAs,
    }: { readonly until: bigint | undefined; readonly shownAs: (dimension: 'destination', key: string) => string },
  ): StepsOfWork<readonly Execution[]> {
    const found: Execution[] = []
    let after: string | undefined
    while (found.length < EXECUTIONS_A_DAY) {
      const rows = this.#store.scan({
        prefix: keys.executionsOf(this.#agent, day),
        limit: EXECUTIONS_A_STEP,
        ...(after === undefined ? {} : { after }),
      })
      for (const [key, bytes] of rows) {
        const execution = executionOf(partOf(key, 3), decode<ExecutionDoc>(bytes), shownAs)
        if (until === undefined || execution.at <= until) found.push(execution)
      }
      after = rows.at(-1)?.[0]
      if (rows.length < EXECUTIONS_A_STEP) break
      yield
    }
    return found
  }

  /** A document's first version is no change; of each later one what it states otherwise is. */
  #stated(): readonly (RecordedChange & { readonly isChurn: boolean })[] {
    const rows = this.#store.scan({ prefix: keys.documents(this.#agent), limit: CHANGES_READ })
    const byDocument = Map.groupBy(rows, ([key]) => partOf(key, 2))
    return [...byDocument].flatMap(([document, versions]) => {
      const docs = versions.map(([, bytes]) => decode<DocumentDoc>(bytes))
      return docs.slice(1).flatMap((doc, i) => {
        const before = new Map((docs[i]?.parts ?? []).map(([change, name, digest]) => [`${change} ${name}`, digest]))
        const news = doc.parts.filter(([change, name, digest]) => before.get(`${change} ${name}`) !== digest)
        return [...Map.groupBy(news, ([change]) => change)].map(([change, parts]) => ({
          change,
          subject: document,
          to: parts
            .map(([, name]) => name)
            .join(', ')
            .slice(0, 500),
          entry: doc.entry,
          event: doc.event,
          at: timeText(BigInt(doc.at)),
          time: BigInt(doc.at),
          isChurn: false,
        }))
      })
    })
  }
}

function executionOf(
  id: string,
  doc: ExecutionDoc,
  shownAs: (dimension: 'destination', key: string) => string,
): Execution {
  const acts = doc.acts.map(([dimension, key, at, entry]): Act => ({
    dimension,
    key: dimension === 'destination' ? shownAs('destination', key) : key,
    at: BigInt(at),
    entry,
  }))
  const calls = doc.calls.map(([at, event, toolName, teller, entry]) => ({
    claimedAt: BigInt(at),
    event,
    toolName,
    teller,
    entry,
  }))
  const orders = new Map<string, Act>()
  for (const { key, claimedAt, entry } of pairsOf(calls))
    if (!orders.has(key)) orders.set(key, { dimension: 'tool-order', key, at: claimedAt, entry })
  return {
    id,
    at: BigInt(doc.first),
    trigger: doc.began.includes('message') ? 'message' : (doc.began[0] ?? 'unstated'),
    acts: [...acts, ...orders.values()],
    amounts: amountsOf(doc),
  }
}

/** Two tellers of the same work are not twice as much work: the one that tells most counts. */
function amountsOf({ amounts, more }: ExecutionDoc): ReadonlyMap<VolumeMeasure, number> {
  const sums = new Map<string, number>(Object.entries(more))
  for (const [, measure, amount, teller] of amounts) {
    const name = `${measure} ${teller}`
    sums.set(name, (sums.get(name) ?? 0) + amount)
  }
  const most = new Map<VolumeMeasure, number>()
  for (const [name, sum] of sums) {
    const measure = VOLUME_MEASURES[Number(name.slice(0, name.indexOf(' ')))]
    if (measure !== undefined) most.set(measure, Math.max(most.get(measure) ?? 0, sum))
  }
  return most
}

function recordedChange({ at, author: _author, ...doc }: ChangeDoc): RecordedChange & { readonly isChurn: boolean } {
  const isChurn = doc.change === 'replicas' || doc.change === 'restart'
  return { ...doc, at: timeText(BigInt(at)), time: BigInt(at), isChurn }
}

function timeText(at: bigint): string {
  return formatRfc3339(at as UnixNano) // a claimed or recorded time of an entry
}
