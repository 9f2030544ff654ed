import type { ProjectionStore } from '@holdfast/recorder'
import { decode } from '../inventory/docs.ts'
import type { Case, CaseReader } from './case-reader.ts'
import { keys, partAt } from './keys.ts'
import { latesWaiting } from './late-past.ts'
import {
  AGENTS_LOOKED,
  BACKLOG_CASES,
  LOOK_AGAIN_MS,
  MARKS_LOOKED,
  NEWEST_LOOKED,
  RESTS_KEPT,
  WAITING_COUNTED,
} from './limits.ts'

/** A case that is to be judged, and the log position up to which its conversations are folded. */
export type WaitingCase = { readonly case: Case; readonly mark: string; readonly cursor: number }

/**
 * The traces that changed since they were judged. They are looked through agent by agent in turn, and of one agent trace
 * by trace, so that neither an agent's storm nor a conversation that always changes keeps another one waiting. Each second
 * turn of an agent is that of what changed last: what happens now does not wait for weeks that were imported.
 */
export class WaitingCases {
  readonly #store: ProjectionStore
  readonly #cases: CaseReader
  #lastAgent = ''
  /** Agent -> the mark of its that was looked at last. */
  readonly #places = new Map<string, string>()
  /** Agents whose last turn was that of what changed last. */
  readonly #hadNewest = new Set<string>()
  /** Agent -> its marks as they were looked through last, the newest last, and how far the log was folded then. */
  readonly #sorted = new Map<string, { readonly cursor: number; readonly marks: string[] }>()

  constructor(store: ProjectionStore, cases: CaseReader) {
    this.#store = store
    this.#cases = cases
  }

  /** Traces that wait, up to a bound. */
  count(): number {
    return this.#store.scan({ prefix: keys.changedAll(), limit: WAITING_COUNTED }).length + latesWaiting(this.#store)
  }

  isBacklog(): boolean {
    return this.#store.scan({ prefix: keys.changedAll(), limit: BACKLOG_CASES }).length === BACKLOG_CASES
  }

  forget(): void {
    this.#lastAgent = ''
    this.#places.clear()
    this.#hadNewest.clear()
    this.#sorted.clear()
  }

  /**
   * The next case that need not rest; `restOf` says for how many milliseconds one must. Where there is none: when to look
   * again, undefined where nothing waits. Drops marks of traces that no conversation has.
   */
  next(restOf: (conversation: string) => number): WaitingCase | { readonly restMs: number | undefined } {
    let restMs: number | undefined
    const seen = new Set<string>()
    while (seen.size < AGENTS_LOOKED) {
      const agent = this.#nextAgent()
      // Every agent has had its turn: the shortest rest is what is waited for.
      if (agent === undefined || seen.has(agent)) return { restMs }
      seen.add(agent)
      const inOrder = this.#marksOf(agent)
      const newest = this.#isNewestsTurn(agent) ? this.#newestOf(agent) : undefined
      const marks = newest === undefined ? inOrder : [newest, ...inOrder.filter((mark) => mark !== newest)]
      for (const mark of marks) {
        if (mark !== newest) this.#place(agent, mark)
        const cursor = this.#store.cursor
        const found = this.#cases.caseOf(partAt(mark, 2))
        if (found === undefined) {
          this.#store.apply({ cursor, puts: [], deletes: [mark] })
          restMs = 0
          continue
        }
        const rest = restOf(found.conversation)
        if (rest <= 0) return { case: found, mark, cursor }
        restMs = Math.min(restMs ?? rest, rest)
      }
      // There may be more of this agent than was looked at.
      if (inOrder.length === MARKS_LOOKED) restMs = Math.min(restMs ?? LOOK_AGAIN_MS, LOOK_AGAIN_MS)
    }
    return { restMs: Math.min(restMs ?? LOOK_AGAIN_MS, LOOK_AGAIN_MS) }
  }

  /** Takes the marks of a case away, but not those of what came after `cursor`: it was not read. */
  done({ case: { found }, mark, cursor }: WaitingCase): void {
    const others = found.flatMap(({ doc, traces }) =>
      traces.flatMap((trace) => doc.agents.map(([agent]) => keys.changed(agent, trace))),
    )
    const deletes = [...new Set([mark, ...others])].filter((key) => {
      const bytes = this.#store.get(key)
      return bytes !== undefined && decode<number>(bytes) < cursor
    })
    this.#store.apply({ cursor: this.#store.cursor, puts: [], deletes })
  }

  /** The agent after the one that had its turn, from the first again at the end; undefined where nothing waits. */
  #nextAgent(): string | undefined {
    const after = this.#lastAgent === '' ? undefined : keys.changedEnd(this.#lastAgent)
    const [row] =
      (after === undefined ? undefined : this.#store.scan({ prefix: keys.changedAll(), after, limit: 1 })) ?? []
    const [first] = row === undefined ? this.#store.scan({ prefix: keys.changedAll(), limit: 1 }) : [row]
    if (first === undefined) return undefined
    this.#lastAgent = partAt(first[0], 1)
    return this.#lastAgent
  }

  /** Marks of an agent behind the one that was looked at last, and then those before it. */
  #marksOf(agent: string): readonly string[] {
    const prefix = keys.changedOf(agent)
    const after = this.#places.get(agent)
    const behind =
      after === undefined ? [] : this.#store.scan({ prefix, after, limit: MARKS_LOOKED }).map(([key]) => key)
    if (behind.length === MARKS_LOOKED) return behind
    const first = this.#store.scan({ prefix, limit: MARKS_LOOKED - behind.length }).map(([key]) => key)
    return [...new Set([...behind, ...first])]
  }

  #isNewestsTurn(agent: string): boolean {
    if (this.#hadNewest.delete(agent)) return false
    if (this.#hadNewest.size > RESTS_KEPT) this.#hadNewest.clear()
    this.#hadNewest.add(agent)
    return true
  }

  /** The mark with the highest log position. Until more is folded marks only go, and looking through thousands costs more than a case. */
  #newestOf(agent: string): string | undefined {
    const known = this.#sorted.get(agent)
    const marks = known?.cursor === this.#store.cursor ? known.marks : this.#sort(agent)
    for (let mark = marks.at(-1); mark !== undefined; mark = marks.at(-1)) {
      if (this.#store.get(mark) !== undefined) return mark
      marks.pop()
    }
    this.#sorted.delete(agent)
    return undefined
  }

  #sort(agent: string): string[] {
    const marks = this.#store
      .scan({ prefix: keys.changedOf(agent), limit: NEWEST_LOOKED })
      .map(([mark, bytes]) => [mark, decode<number>(bytes)] as const)
      .toSorted(([, a], [, b]) => a - b)
      .map(([mark]) => mark)
    if (this.#sorted.size >= AGENTS_LOOKED) this.#sorted.clear()
    this.#sorted.set(agent, { cursor: this.#store.cursor, marks })
    return marks
  }

  #place(agent: string, mark: string): void {
    if (this.#places.size > RESTS_KEPT) this.#places.clear()
    this.#places.set(agent, mark)
  }
}
