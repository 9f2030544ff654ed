import { finished, incidentsOf, type LearningOutcome, type StepsOfWork } from '@holdfast/detect'
import type { Incident } from '@holdfast/model'
import { Learner } from '../detector/learner.ts'
import { encode } from '../inventory/docs.ts'
import { noteRules } from '../rules/settle-rules.ts'
import { CaseFiles } from './case-files.ts'
import { type Case, CaseReader, type CaseSources } from './case-reader.ts'
import { IncidentRows } from './incident-rows.ts'
import { keys } from './keys.ts'
import { noteJudged, recallLate } from './late-past.ts'
import {
  CASE_SLICE_MS,
  INCIDENTS_HELD,
  JUDGE_REST,
  JUDGE_REST_MS,
  LARGE_CASE_MS,
  RESTS_KEPT,
  WAITING_COUNTED,
} from './limits.ts'
import { ReadOnce } from './read-once.ts'
import { StageClock, type StageTimes } from './stage-times.ts'
import { type WaitingCase, WaitingCases } from './waiting-cases.ts'

/** A case that is being judged. */
type Running = WaitingCase & {
  /** True at its end where an incident came, went or changed. */
  readonly steps: StepsOfWork<boolean>
  tookMs: number
}

/** The case as it is shown. */
export type ShownIncident = { readonly incident: Incident; readonly repeats: number; readonly stages?: StageTimes }

/**
 * Judges the cases that changed since they were judged, in slices: what is not done in one turn goes on in the next. What
 * is to be judged stands in the projection until it is done, so a restart in mid-chain loses nothing.
 */
export class Judge {
  readonly #sources: CaseSources
  readonly #cases: CaseReader
  readonly #rows: IncidentRows
  readonly #files: CaseFiles
  readonly #waiting: WaitingCases
  readonly #stages: StageClock
  readonly #named: StageTimes[] = []
  readonly #filed = new Set<string>()
  readonly #now: () => number
  /** Case -> when it may be judged again. */
  readonly #rests = new Map<string, number>()
  /** At most two: a large one, and beside it whatever came since. */
  readonly #running: Running[] = []
  /** Incidents that were asked for: a page asks many things of one. */
  readonly #shown: ReadOnce<Incident | undefined>
  #slices = 0

  /** `now`: milliseconds of a clock that only goes forward. */
  constructor(sources: CaseSources, { now }: { readonly now: () => number }) {
    this.#sources = sources
    this.#cases = new CaseReader(sources)
    this.#rows = new IncidentRows(sources.store)
    this.#waiting = new WaitingCases(sources.store, this.#cases)
    this.#stages = new StageClock(sources, () => Date.now())
    this.#files = new CaseFiles(sources.store, this.#rows, () => this.#stages.now())
    this.#now = now
    this.#shown = new ReadOnce({ most: INCIDENTS_HELD, stampNow: () => this.#stamp() })
  }

  /** Traces that wait, up to a bound. */
  waiting(): number {
    return this.#waiting.count()
  }

  /** True where more wait than what happens now leaves behind. */
  isBacklog(): boolean {
    return this.#waiting.isBacklog()
  }

  /** Cases that could not be judged, up to a bound. */
  failed(): number {
    return this.#sources.store.scan({ prefix: keys.failures(), limit: WAITING_COUNTED }).length
  }

  /** To be called when the projections were emptied: what was read of them is void. */
  forget(): void {
    this.#begin()
    this.#sources.detector.reload()
    noteRules(this.#sources.store, this.#sources.rules.current.digest)
    this.#stages.forget()
  }

  /**
   * Judges for about that long. `restMs` says when there may be more to do; undefined where nothing waits. `filed`: an
   * incident came, went or changed.
   */
  turn(forMs: number): { readonly restMs: number | undefined; readonly filed: boolean } {
    const { store, workspace, known } = this.#sources
    // Conversations are looked up in the workspace: where it is behind, some would look as if they were not there.
    // So it is with what is known of agents: what is not folded yet would look new.
    if (workspace.cursor < store.cursor || !known.reaches(store.cursor)) return { restMs: undefined, filed: false }
    if (this.#sources.detector.settle() || this.#sources.rules.settle()) {
      this.#begin()
      return { restMs: 0, filed: false }
    }
    const until = this.#now() + forMs
    let filed = false
    while (this.#now() < until) {
      const one = this.#one()
      if ('restMs' in one) {
        if (one.restMs === undefined && recallLate(store, (agent) => known.sharing(agent))) {
          this.#cases.forget()
          this.#shown.forget()
          continue
        }
        return { restMs: one.restMs, filed }
      }
      if (this.#goOn(one, until)) filed = true
    }
    return { restMs: 0, filed }
  }

  /** A version of the detector out of what people decided. */
  training(salt: string): StepsOfWork<LearningOutcome> {
    return new Learner(this.#sources, this.#cases).training(salt)
  }

  /** To be called after each batch that every projection has folded. */
  folded(cursor: number): void {
    this.#stages.folded(cursor)
  }

  /** How long the stages took of what was named since this was asked last. */
  takeStages(): readonly StageTimes[] {
    return this.#named.splice(0)
  }

  /** Ids of the incidents that came or changed since this was asked last. */
  takeFiled(): readonly string[] {
    const filed = [...this.#filed]
    this.#filed.clear()
    return filed
  }

  /** The incident as it is now; undefined where there is none of that id. */
  incident(id: string): ShownIncident | undefined {
    return finished(this.showing(id))
  }

  /** The same step by step. */
  *showing(id: string): StepsOfWork<ShownIncident | undefined> {
    const row = this.#rows.find(id)
    const [conversation] = row?.conversations ?? []
    if (row === undefined || conversation === undefined) return undefined
    // Its row may change where nothing that it is read from does: another case was filed with it.
    const incident = yield* this.#shown.of(JSON.stringify(row), () => this.#reading(row))
    if (incident === undefined) return undefined
    const stages = this.#stages.of(incident)
    return { incident, repeats: this.#rows.repeats(row), ...(stages === undefined ? {} : { stages }) }
  }

  /** Read anew from the log. */
  *#reading({ id, conversations }: Pick<Incident, 'id' | 'conversations'>): StepsOfWork<Incident | undefined> {
    const cases = conversations.flatMap((name) => this.#casesNamed(name))
    const distinct = [...new Map(cases.map((one) => [one.conversation, one])).values()]
    const evidence = []
    for (const one of distinct) evidence.push(yield* this.#cases.reading(one))
    const found = incidentsOf(evidence)
    // Its conversation may have another name since, and the one that it had may be that of several: until it is filed by the new
    // one, it goes by the id that it is listed by.
    const incident =
      found.find((some) => some.id === id) ?? found.find((some) => some.earlierIds?.includes(id)) ?? found[0]
    return incident === undefined ? undefined : { ...incident, id }
  }

  /** Of everything that a case is read from: the log, whose records also say what was approved and erased, and what was folded of it. */
  #stamp(): string {
    const { reader, store, workspace, known, rules, detector } = this.#sources
    const cursors = [reader.size(), store.cursor, workspace.cursor, ...known.cursors()]
    return `${cursors.join()} ${rules.current.digest} ${detector.current.version}`
  }

  /** Drops what was begun and read. */
  #begin(): void {
    this.#shown.forget()
    this.#running.length = 0
    this.#rests.clear()
    this.#waiting.forget()
    this.#cases.forget()
  }

  /** The case that has its turn: those that run take turns, and beside a large one others begin. */
  #one(): Running | { readonly restMs: number | undefined } {
    this.#slices += 1
    const [oldest, newest] = this.#running
    if (newest !== undefined) return this.#slices % 2 === 0 && oldest !== undefined ? oldest : newest
    // Each second slice is the large one's own, however many small ones come.
    if (oldest !== undefined && (oldest.tookMs < LARGE_CASE_MS || this.#slices % 2 === 0)) return oldest
    const next = this.#waiting.next((conversation) =>
      conversation === oldest?.case.conversation ? JUDGE_REST_MS : this.#restOf(conversation),
    )
    if ('restMs' in next) return oldest ?? next
    const begun: Running = { ...next, steps: this.#judging(next.case), tookMs: 0 }
    this.#running.push(begun)
    return begun
  }

  /** True where it came to its end and that changed an incident. */
  #goOn(one: Running, until: number): boolean {
    const begun = this.#now()
    const end = Math.min(until, begun + CASE_SLICE_MS)
    let step = this.#step(one)
    while (step.done !== true && this.#now() < end) step = this.#step(one)
    const now = this.#now()
    one.tookMs += now - begun
    if (step.done !== true) return false
    this.#running.splice(this.#running.indexOf(one), 1)
    this.#waiting.done(one)
    if (this.#rests.size > RESTS_KEPT) this.#rests.clear()
    this.#rests.set(one.case.conversation, now + Math.min(JUDGE_REST * one.tookMs, JUDGE_REST_MS))
    return step.value
  }

  /** One case that cannot be read must not keep the others from being judged: it is counted, and tried again when it changes. */
  #step({ case: { conversation }, steps }: Running): IteratorResult<undefined, boolean> {
    try {
      return steps.next()
    } catch (error) {
      // Shown as a count beside the list; the reason stands in the projection.
      const why = error instanceof Error ? error.message : String(error)
      const { store } = this.#sources
      store.apply({
        cursor: store.cursor,
        puts: [[keys.failure(conversation), encode(why.slice(0, 500))]],
        deletes: [],
      })
      return { done: true, value: true }
    }
  }

  *#judging(one: Case): StepsOfWork<boolean> {
    const evidence = yield* this.#cases.reading(one)
    const { store } = this.#sources
    const readAt = this.#stages.now()
    const { isChanged, named, changed } = this.#files.file(one, evidence)
    for (const id of changed) this.#filed.add(id)
    for (const incident of named) {
      const times = this.#stages.named(incident, readAt)
      if (times !== undefined) this.#named.push(times)
    }
    noteJudged(store, one)
    const failure = keys.failure(one.conversation)
    if (store.get(failure) !== undefined) store.apply({ cursor: store.cursor, puts: [], deletes: [failure] })
    return isChanged
  }

  #restOf(conversation: string): number {
    return (this.#rests.get(conversation) ?? 0) - this.#now()
  }

  #casesNamed(name: string): readonly Case[] {
    const { conversations } = this.#sources
    return conversations.called(name).flatMap((one) => {
      const [trace] = one.traces
      return (trace === undefined ? undefined : this.#cases.caseOf(trace)) ?? []
    })
  }
}
