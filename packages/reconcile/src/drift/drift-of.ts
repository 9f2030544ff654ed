import { formatRfc3339, type DriftChange, type DriftDecision, type UnixNano } from '@holdfast/model'
import { entryCandidates, sequenceCandidate, volumeCandidates, type Candidate } from './candidates.ts'
import { shareCandidates, valueCandidates } from './count-candidates.ts'
import { changeId, decidedParts } from './change-id.ts'
import { draftOf, type Draft } from './draft.ts'
import type { DriftDay, Shape } from './drift-day.ts'
import { identityOf, type ActDimension } from './execution.ts'
import { nameOf } from './element-names.ts'
import { KnownProfile, type KnownLimits } from './known-profile.ts'
import { CHANGES_KEPT, ENTRIES_SHOWN, EXECUTIONS_SHOWN, LEAST_DAYS, SETTLE_DAYS } from './limits.ts'
import { MATCHING, matchingChange, type Asking, type RecordedChange } from './matching.ts'
import { hasMoved } from './moved-amount.ts'
import { byPriority } from './priority.ts'

/** What is known of an agent beside what it did. */
export type DriftInput = {
  readonly agent: string
  readonly limits: KnownLimits
  readonly changes: readonly RecordedChange[]
  /** What people said, by the id of the change. */
  readonly decisions: ReadonlyMap<string, DriftDecision>
  /** True for what a mark takes out of the profile: it is judged and not learned. */
  readonly isTainted: (sighting: { readonly entry: number; readonly claimedAt: bigint }) => boolean
  /** The instant that is asked about, claimed, nanoseconds. */
  readonly asOf: bigint
}

export type Drift = {
  /** In order of priority. */
  readonly changes: readonly DriftChange[]
  /** First day that was judged (days since 1970); undefined while the profile has fewer than {@link LEAST_DAYS} days. */
  readonly judgedFrom: number | undefined
  readonly days: number
  readonly executions: number
  /** Executions and changes that a bound left out. */
  readonly cut: number
  /** Dimensions that never settled, in which nothing new is judged. */
  readonly unsettled: readonly ActDimension[]
}

/**
 * All that changed against the profile, day by day: each change judged by the profile as it was before it. A pure function of
 * what happened, by claimed time: late records are as if they had come in time. `days` in order.
 */
export function driftOf(days: readonly DriftDay[], facts: DriftInput): Drift {
  const walk = new Walk(facts)
  for (const day of days) walk.take(day)
  return walk.drift()
}

type Open = {
  readonly id: string
  readonly candidate: Candidate
  readonly draft: Draft
  readonly isTaken: boolean
  last: bigint
  times: number
  most: number
  readonly executions: Set<string>
  readonly entries: Set<number>
}

type Where = { readonly shape: Shape; readonly execution: string }

class Walk {
  readonly #facts: DriftInput
  readonly #known: KnownProfile
  readonly #changes: Open[] = []
  /** The newest change of each identity. */
  readonly #newest = new Map<string, Open>()
  readonly #past: DriftDay[] = []
  #today: readonly DriftDay[] = []
  /** What was first, on this day, in an execution that was not learned: the next one that has it is judged by itself. */
  readonly #carried = new Set<string>()
  #judgedFrom: number | undefined
  #executions = 0
  #cut = 0

  constructor(facts: DriftInput) {
    this.#facts = facts
    this.#known = new KnownProfile(facts.limits)
  }

  take(day: DriftDay): void {
    const isJudged = this.#known.days >= LEAST_DAYS
    if (isJudged) this.#judgedFrom ??= day.day
    this.#executions += day.executions
    this.#cut += day.cut
    this.#known.begin()
    this.#carried.clear()
    this.#today = [day]
    for (const shape of day.shapes) this.#takeShape(shape, day, isJudged)
    const refused = isJudged ? this.#takeCounts(day) : new Set<string>()
    this.#known.values.learn(day, refused)
    this.#past.push(day)
    this.#known.end()
  }

  drift(): Drift {
    const changes = this.#changes.map(({ draft, last, times, executions, entries }): DriftChange => ({
      ...draft,
      last: timeText(last),
      times,
      entries: [...entries].toSorted((a, b) => a - b).slice(0, ENTRIES_SHOWN),
      executions: [...executions],
    }))
    return {
      changes: changes.toSorted(byPriority),
      judgedFrom: this.#judgedFrom,
      days: this.#known.days,
      executions: this.#executions,
      cut: this.#cut,
      unsettled: (Object.keys(MATCHING) as ActDimension[]).filter((name) => !this.#known.isSettled(name)),
    }
  }

  #takeShape(given: Shape, day: DriftDay, isJudged: boolean): void {
    const shape = this.#withCarried(given)
    const where = { shape, execution: shape.execution }
    const candidates = isJudged ? this.#candidatesOf(shape) : []
    const over = isJudged ? this.#known.over(shape) : []
    const volumes = volumeCandidates(shape, over)
    // What a recorded change explains is set aside as well when the others are looked at: it is judged by itself.
    const explained = candidates.flatMap((one) => (this.#matching(one) === undefined ? [] : one.aside))
    const judged = [...candidates, ...volumes].map((candidate) => this.#judge(candidate, where, explained))
    const isRefused = judged.some((change) => !change.isTaken) || this.#holdsRefused(shape)
    const isTainted = shape.entries.some((entry) => this.#facts.isTainted({ entry, claimedAt: shape.at }))
    for (const act of shape.firsts)
      if (isRefused || isTainted) this.#carried.add(identityOf(act))
      else this.#carried.delete(identityOf(act))
    if (isRefused || isTainted) return this.#known.refresh(shape)
    const accepted = new Set(
      judged.flatMap(({ candidate }) => [candidate.identity, ...candidate.also, ...candidate.aside]),
    )
    this.#known.learn(shape, { day: day.day, accepted })
  }

  #withCarried(shape: Shape): Shape {
    if (this.#carried.size === 0) return shape
    const firsts = shape.acts.filter((act) => this.#carried.has(identityOf(act)))
    return firsts.length === 0 ? shape : { ...shape, firsts: [...shape.firsts, ...firsts] }
  }

  #candidatesOf(shape: Shape): readonly Candidate[] {
    const entries = entryCandidates(shape, this.#known, {
      isRefused: (name) => this.#newest.get(name)?.isTaken === false,
      decided: (one) => this.#decided(one),
    }).filter((one) => !one.isUsualNews || this.#matching(one) !== undefined)
    if (entries.some(({ asking }) => asking !== 'tool-order')) return entries
    // Without anything new in it, or only new orders of what is known, it is the combination that is looked at.
    const sequence = this.#holdsRefused(shape) ? undefined : sequenceCandidate(shape, this.#known)
    return sequence === undefined ? entries : [sequence]
  }

  /** Values and documents of a day, and which values are not learned. */
  #takeCounts(day: DriftDay): ReadonlySet<string> {
    const refused = new Set<string>()
    const candidates = [
      ...valueCandidates(day, this.#known, (one) => this.#decided(one)),
      ...shareCandidates(day, {
        week: sharesOf([...this.#past.slice(-6), day]),
        before: sharesOf(this.#past.slice(0, LEAST_DAYS)),
      }),
    ]
    for (const candidate of candidates) {
      const shape = day.shapes.find(({ executions }) => executions.includes(candidate.execution)) ?? day.shapes[0]
      if (shape === undefined) continue
      const { isTaken } = this.#judge(candidate, { shape, execution: candidate.execution }, [])
      if (!isTaken) for (const name of candidate.also) refused.add(name.slice(name.indexOf('\n') + 1))
    }
    return refused
  }

  /** True for an execution with something that was judged risky and is not accepted since. */
  #holdsRefused(shape: Shape): boolean {
    const names = [...shape.firsts.map(identityOf), ...shape.elements.map(nameOf)]
    return names.some((name) => this.#newest.get(name)?.isTaken === false)
  }

  #matching({ asking, at, names, over }: Candidate): RecordedChange | undefined {
    const near = matchingChange({ asking, at, names }, this.#facts.changes)
    if (near !== undefined || over === undefined || !MOVING.has(asking)) return near
    const days = BigInt(SETTLE_DAYS) * DAY_NANOS
    const earlier = matchingChange({ asking, at, names }, this.#facts.changes, days)
    const isWhy = earlier !== undefined && hasMoved(over, [...this.#past, ...this.#today], earlier.time)
    return isWhy ? earlier : undefined
  }

  /** How many of a candidate's first parts a person decided on, before more came to them. */
  #decided(candidate: Candidate): number {
    const { agent, decisions } = this.#facts
    return decisions.size === 0 ? 0 : decidedParts(agent, candidate, (id) => decisions.has(id))
  }

  /** A change that is there already takes what comes in once more; what a record explains only now is another. */
  #judge(candidate: Candidate, where: Where, explained: readonly string[]): Open {
    const change = this.#matching(candidate)
    const id = changeId(this.#facts.agent, candidate)
    const decision = this.#facts.decisions.get(id)
    const newest = this.#newest.get(candidate.identity)
    // What a person decided on stays a change of its own, also where a late record put another before it.
    const isAgain =
      newest !== undefined && decision === undefined && this.#isAgain(newest, candidate, { where, change })
    const { shape } = where
    // What was first in bad company is judged by itself where a record explains it; the company stays what it was.
    const isSecondSight = change !== undefined && newest?.isTaken === false && newest.draft.decision === undefined
    if (isAgain && !isSecondSight) {
      note(newest, candidate, where)
      return newest
    }
    const draft = draftOf(candidate, {
      id,
      agent: this.#facts.agent,
      change,
      broken: this.#known.breakOf(shape.elements, new Set([...candidate.aside, ...explained]), candidate.at),
      over: this.#known.over(shape),
      unbounded: this.#known.unbounded(shape),
      entries: shape.entries,
      decision,
      asOf: this.#facts.asOf,
    })
    const isTaken = draft.side === 'evolution' && draft.standing !== 'lapsed'
    if (isAgain && !isTaken) {
      note(newest, candidate, where)
      return newest
    }
    const opened: Open = {
      id,
      candidate,
      draft,
      isTaken,
      last: candidate.at,
      times: 0,
      most: mostOf(where.shape),
      executions: new Set(),
      entries: new Set(),
    }
    note(opened, candidate, where)
    for (const name of [candidate.identity, ...candidate.also, ...candidate.aside]) this.#newest.set(name, opened)
    if (this.#changes.length < CHANGES_KEPT) this.#changes.push(opened)
    else this.#cut += 1
    return opened
  }

  #isAgain(
    newest: Open,
    { kind, at, parts }: Candidate,
    { where, change }: { readonly where: Where; readonly change: RecordedChange | undefined },
  ): boolean {
    if (!newest.isTaken && newest.draft.change === undefined && change !== undefined) return false
    // What a person let in, and nothing beside it, is let in until it is known.
    if (kind === 'new' && newest.draft.decision?.verdict === 'evolution')
      return parts.every((part) => newest.candidate.parts.includes(part))
    if (kind !== 'volume') return !newest.isTaken || kind === 'sequence' || kind === 'share'
    // More of an accepted growth is the same growth while it settles, and only up to its own size.
    const isNear = at - newest.last < BigInt(SETTLE_DAYS) * DAY_NANOS
    return isNear && (!newest.isTaken || mostOf(where.shape) <= 1.5 * newest.most)
  }
}

/** What a change moves as a whole, so that the bound is broken only sooner or later. */
const MOVING: ReadonlySet<Asking> = new Set(['words', 'calls'])

const DAY_NANOS = 86_400_000_000_000n

function note(open: Open, candidate: Candidate, { shape, execution }: Where): void {
  if (shape.last > open.last) open.last = shape.last
  open.most = Math.max(open.most, mostOf(shape))
  open.times += shape.count
  for (const name of [execution, ...shape.executions])
    if (open.executions.size < EXECUTIONS_SHOWN) open.executions.add(name)
  for (const entry of candidate.entries) if (open.entries.size < ENTRIES_SHOWN) open.entries.add(entry)
}

/** How large an execution is, for comparing one out of proportion with another. */
function mostOf({ amounts }: Shape): number {
  return Math.max(0, ...[...amounts.values()].map(({ most }) => most))
}

function sharesOf(days: readonly DriftDay[]): ReadonlyMap<string, number> {
  const shares = new Map<string, number>()
  for (const { documents } of days)
    for (const [key, { count }] of documents) shares.set(key, (shares.get(key) ?? 0) + count)
  return shares
}

function timeText(at: bigint): string {
  return formatRfc3339(at as UnixNano) // a claimed time of an entry
}
