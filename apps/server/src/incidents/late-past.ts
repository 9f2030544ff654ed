import type { EventSummary } from '@holdfast/model'
import type { ProjectionStore } from '@holdfast/recorder'
import { decode, encode } from '../inventory/docs.ts'
import type { KeyReader } from '../views/fold.ts'
import type { Case } from './case-reader.ts'
import { keys, partAt } from './keys.ts'
import { LATE_CASES, LATE_NANOS } from './limits.ts'

/**
 * A case is held against what its agents did before it. Where that comes to the log after the case was judged, an import or a
 * change that somebody records later, the case is judged again: the order of arrival must not decide. What a live source
 * delivers minutes late changes no profile of days, and is left.
 */
export class LatePast {
  readonly #puts: Map<string, Uint8Array>
  readonly #reader: Pick<KeyReader, 'get'>
  /** When the newest case of an agent began that was judged; read once for a batch. */
  readonly #newest = new Map<string, bigint | undefined>()

  constructor(puts: Map<string, Uint8Array>, reader: Pick<KeyReader, 'get'>) {
    this.#puts = puts
    this.#reader = reader
  }

  note({ agent, claimedAt, body }: EventSummary): void {
    const begun = claimedAt === 0n ? undefined : this.#newestOf(agent.id)
    if (begun === undefined) return
    const isPast = body.kind !== 'change' && claimedAt + LATE_NANOS < begun && claimedAt / DAY_NANOS < begun / DAY_NANOS
    // A change explains what was done up to a day after it, by a case that may have begun long before.
    const from = body.kind === 'change' ? claimedAt - CHANGE_NANOS : isPast ? claimedAt : undefined
    if (from === undefined || begun < from) return
    const key = keys.late(agent.id)
    const known = this.#puts.get(key) ?? this.#reader.get(key)
    if (known === undefined || from < BigInt(decode<string>(known)))
      this.#puts.set(key, encode((from < 0n ? 0n : from).toString()))
  }

  #newestOf(agent: string): bigint | undefined {
    if (this.#newest.has(agent)) return this.#newest.get(agent)
    const bytes = this.#reader.get(keys.newestJudged(agent))
    const begun = bytes === undefined ? undefined : BigInt(decode<string>(bytes))
    this.#newest.set(agent, begun)
    return begun
  }
}

/** What an operator decides of a profile changes all that the agent's cases were held against: marks, and its class. */
export function noteDecision(puts: Map<string, Uint8Array>, { body }: EventSummary): void {
  if (body.kind !== 'control') return
  const { record } = body
  const isOfProfile = record.kind === 'profile-mark' || (record.kind === 'agent-statement' && record.field === 'class')
  if (isOfProfile) puts.set(keys.late(record.agent), encode('0'))
}

const DAY_NANOS = 86_400_000_000_000n
const CHANGE_NANOS = 2n * DAY_NANOS

/** Notes when a case began that was judged. */
export function noteJudged(store: ProjectionStore, { conversation, found }: Case): void {
  const [first] = found.flatMap(({ traces }) => traces)
  if (first === undefined) return
  const begun = found.reduce((least, { doc }) => {
    const at = BigInt(doc.firstClaimed)
    return at > 0n && (least === 0n || at < least) ? at : least
  }, 0n)
  const agents = new Set(found.flatMap(({ doc }) => doc.agents.map(([agent]) => agent)))
  const puts: [string, Uint8Array][] = []
  for (const agent of agents) {
    const key = keys.judged(agent, begun, conversation)
    if (store.get(key) === undefined) puts.push([key, encode(first)])
    const newest = store.get(keys.newestJudged(agent))
    if (newest === undefined || BigInt(decode<string>(newest)) < begun)
      puts.push([keys.newestJudged(agent), encode(begun.toString())])
  }
  if (puts.length > 0) store.apply({ cursor: store.cursor, puts, deletes: [] })
}

/**
 * Marks the newest cases of one agent whose past came late, as many as a bound lets, and of those that share an identity with
 * it: a change of the agent explains what its role did. False where there is none.
 */
export function recallLate(store: ProjectionStore, sharing: (agent: string) => readonly string[]): boolean {
  const [row] = store.scan({ prefix: keys.lates(), limit: 1 })
  if (row === undefined) return false
  const agent = partAt(row[0], 1)
  const from = BigInt(decode<string>(row[1]))
  const cases = [...new Set([agent, ...sharing(agent)])].flatMap((one) =>
    store
      .scan({ prefix: keys.judgedOf(one), limit: LATE_CASES, reverse: true })
      .filter(([key]) => BigInt(partAt(key, 2)) >= from)
      .map(([, trace]) => keys.changed(one, decode<string>(trace))),
  )
  store.apply({
    cursor: store.cursor,
    puts: cases.map((mark) => [mark, encode(store.cursor - 1)] as const),
    deletes: [row[0]],
  })
  return true
}

/** Agents whose past came late and whose cases are not marked yet. */
export function latesWaiting(store: Pick<ProjectionStore, 'scan'>): number {
  return store.scan({ prefix: keys.lates(), limit: 1_000 }).length
}
