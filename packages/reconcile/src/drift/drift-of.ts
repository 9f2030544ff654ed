import { hash } from 'node:crypto'
import {
  formatRfc3339,
  type DriftChange,
  type DriftDecision,
  type ProfileDimension,
  type UnixNano,
} from '@holdfast/model'
import {
  entryCandidates,
  identityOf,
  sequenceCandidate,
  shareCandidates,
  valueCandidates,
  volumeCandidates,
  type Candidate,
} from './candidates.ts'
import type { DriftDay, Shape } from './drift-day.ts'
import type { ActDimension } from './execution.ts'
import { KnownProfile, nameOf, type KnownLimits } from './known-profile.ts'
import { CHANGES_KEPT, ENTRIES_SHOWN, EXECUTIONS_SHOWN, HOLD_DAYS, LEAST_DAYS, SETTLE_DAYS } from './limits.ts'
import { MATCHING, matchingChange, type RecordedChange } from './matching.ts'
import { byPriority } from './priority.ts'
import { tableRow } from './verdict.ts'

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
  readonly draft: Omit<DriftChange, 'last' | 'times' | 'executions' | 'entries'>
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
  readonly #ordinals = new Map<string, number>()
  readonly #past: DriftDay[] = []
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
    for (const shape of day.shapes) this.#takeShape(shape, day, isJudged)
    const refused = isJudged ? this.#takeCounts(day) : new Set<string>()
    this.#known.learnValues(day, refused)
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

  #takeShape(shape: Shape, day: DriftDay, isJudged: boolean): void {
    const where = { shape, execution: shape.execution }
    const candidates = isJudged ? this.#candidatesOf(shape) : []
    const over = isJudged ? this.#known.over(shape) : []
    const volumes = volumeCandidates(shape, over)
    // What a recorded change explains is set aside as well when the others are looked at: it is judged by itself.
    const explained = candidates.flatMap((one) => (this.#matching(one) === undefined ? [] : one.aside))
    const judged = [...candidates, ...volumes].map((candidate) => this.#judge(candidate, where, explained))
    const isRefused = judged.some((change) => !change.isTaken) || this.#holdsRefused(shape)
    const isTainted = shape.entries.some((entry) => this.#facts.isTainted({ entry, claimedAt: shape.at }))
    if (isRefused || isTainted) return this.#known.refresh(shape)
    const accepted = new Set(
      judged.flatMap(({ candidate }) => [candidate.identity, ...candidate.also, ...candidate.aside]),
    )
    this.#known.learn(shape, { day: day.day, accepted })
  }

  #candidatesOf(shape: Shape): readonly Candidate[] {
    const entries = entryCandidates(shape, this.#known, (name) => this.#newest.get(name)?.isTaken === false).filter(
      (one) => !one.isUsualNews || this.#matching(one) !== undefined,
    )
    if (entries.some(({ asking }) => asking !== 'tool-order')) return entries
    // Without anything new in it, or only new orders of what is known, it is the combination that is looked at.
    const sequence = this.#holdsRefused(shape) ? undefined : sequenceCandidate(shape, this.#known)
    return sequence === undefined ? entries : [sequence]
  }

  /** Values and documents of a day, and which values are not learned. */
  #takeCounts(day: DriftDay): ReadonlySet<string> {
    const refused = new Set<string>()
    const candidates = [
      ...valueCandidates(day, this.#known),
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

  #matching({ asking, at, names }: Candidate): RecordedChange | undefined {
    return matchingChange({ asking, at, names }, this.#facts.changes)
  }

  /** A change that is there already takes what comes in once more; what a record explains only now is another. */
  #judge(candidate: Candidate, where: Where, explained: readonly string[]): Open {
    const change = this.#matching(candidate)
    const newest = this.#newest.get(candidate.identity)
    if (newest !== undefined && this.#isAgain(newest, candidate, { where, change })) {
      note(newest, candidate, where)
      return newest
    }
    const ordinal = this.#ordinals.get(candidate.identity) ?? 0
    this.#ordinals.set(candidate.identity, ordinal + 1)
    const id = hash('sha256', `${this.#facts.agent}\n${candidate.identity}\n${ordinal}`, 'hex').slice(0, 24)
    const draft = this.#draft(id, candidate, { where, change, explained })
    const isTaken = draft.side === 'evolution' && draft.standing !== 'lapsed'
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
    { kind, at }: Candidate,
    { where, change }: { readonly where: Where; readonly change: RecordedChange | undefined },
  ): boolean {
    if (!newest.isTaken && newest.draft.change === undefined && change !== undefined) return false
    if (kind !== 'volume') return !newest.isTaken || kind === 'sequence' || kind === 'share'
    // More of an accepted growth is the same growth while it settles, and only up to its own size.
    const isNear = at - newest.last < BigInt(SETTLE_DAYS) * DAY_NANOS
    return isNear && (!newest.isTaken || mostOf(where.shape) <= 1.5 * newest.most)
  }

  #draft(
    id: string,
    candidate: Candidate,
    {
      where,
      change,
      explained,
    }: { readonly where: Where; readonly change: RecordedChange | undefined; readonly explained: readonly string[] },
  ): Open['draft'] {
    const { shape } = where
    const broken = this.#known.breakOf(shape.elements, new Set([...candidate.aside, ...explained]), candidate.at)
    const over = this.#known.over(shape)
    const row = tableRow({
      deployment: change !== undefined,
      continuity: broken === undefined,
      bounds: over.length === 0,
      subject: candidate.subject,
      broken: broken?.kinds ?? new Set(),
      over: new Set(over.map(({ measure }) => measure)),
    })
    const decision = this.#facts.decisions.get(id)
    const side = decision === undefined ? row.side : decision.verdict
    const until = candidate.at + BigInt(HOLD_DAYS) * DAY_NANOS
    const isOver = this.#facts.asOf > until
    const standing: DriftChange['standing'] =
      decision !== undefined
        ? side === 'evolution'
          ? 'accepted'
          : 'open'
        : row.wait === 'none'
          ? side === 'evolution'
            ? 'accepted'
            : 'open'
          : isOver
            ? 'lapsed'
            : row.wait === 'hold'
              ? 'held'
              : 'review'
    const unbounded = this.#known.unbounded(shape)
    const dimension = profileDimension(candidate.dimension)
    return {
      id,
      agent: this.#facts.agent,
      subject: candidate.subject,
      kind: candidate.kind,
      ...(dimension === undefined ? {} : { dimension }),
      ...(candidate.key === undefined ? {} : { key: candidate.key }),
      at: timeText(candidate.at),
      what: candidate.what,
      signals: {
        deployment: {
          holds: change !== undefined,
          reason:
            change === undefined ? `no ${kindsOf(candidate)} of a day before it is recorded` : changeWords(change),
          entries: change === undefined ? [] : [change.entry],
        },
        continuity: {
          holds: broken === undefined,
          reason: broken?.words ?? 'the rest of the execution is known in that combination',
          entries: broken?.entries.slice(0, ENTRIES_SHOWN) ?? [],
        },
        bounds: {
          holds: over.length === 0,
          reason: [
            over.length === 0
              ? 'all amounts are within 1.5 times their 99th percentile'
              : over
                  .map(({ measure, amount, limit }) => `${measure} ${shortened(amount)} over ${shortened(limit)}`)
                  .join(', '),
            ...(unbounded.length === 0 ? [] : [`no bound is known of ${unbounded.join(', ')}`]),
          ].join('; '),
          entries: over.length === 0 ? [] : shape.entries.slice(0, ENTRIES_SHOWN),
        },
      },
      verdict: row.verdict,
      side,
      severity: decision?.verdict === 'evolution' ? 'none' : row.severity,
      standing,
      handling: handlingOf({ side, standing, severity: row.severity, isDecided: decision !== undefined, until }),
      ...(row.wait === 'none' || decision !== undefined ? {} : { until: timeText(until) }),
      ...(change === undefined ? {} : { change: changeRef(change) }),
      ...(decision === undefined ? {} : { decision }),
    }
  }
}

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

/** What a profile does not list entry by entry goes by the dimension that it belongs to. */
function profileDimension(dimension: ActDimension | undefined): ProfileDimension | undefined {
  if (dimension === 'argument-value') return 'tool-arguments'
  if (dimension === 'document') return 'retrieval-source'
  return dimension === 'tool-definition' ? 'tool' : dimension
}

function kindsOf({ asking }: Candidate): string {
  const { kinds, mustName } = MATCHING[asking]
  return `${mustName ? 'approved change that names it' : 'change'} of ${kinds.join(', ')}`
}

/** Small amounts with their fraction: 2 is over 1.5. */
function shortened(amount: number): string {
  return amount < 10 ? `${Math.round(amount * 10) / 10}` : `${Math.round(amount)}`
}

function changeWords({ change, subject, to, changeId, approver }: RecordedChange): string {
  const id = changeId === undefined ? '' : ` ${changeId}`
  const by = approver === undefined ? ', approved by nobody it names' : `, approved by ${approver}`
  return `${change}${id} of ${subject}${to === undefined ? '' : ` to ${to}`}${by}`
}

function changeRef({ time: _time, from: _from, to: _to, ...ref }: RecordedChange): NonNullable<DriftChange['change']> {
  return ref
}

function handlingOf(given: {
  readonly side: DriftChange['side']
  readonly standing: DriftChange['standing']
  readonly severity: DriftChange['severity']
  readonly isDecided: boolean
  readonly until: bigint
}): string {
  const until = timeText(given.until).slice(0, 16).replace('T', ' ')
  switch (given.standing) {
    case 'accepted':
      return given.isDecided ? 'in the profile, by a person' : 'in the profile, linked to its event'
    case 'review':
      return `review before ${until} UTC, or it leaves the profile again`
    case 'held':
      return `held until ${until} UTC for a late event`
    case 'lapsed':
      return given.side === 'evolution' ? 'its review lapsed: not in the profile' : 'no event came: a person decides'
    case 'open':
      return given.severity === 'high' ? 'open its graph now' : given.isDecided ? 'risky, by a person' : 'investigate'
  }
}

function timeText(at: bigint): string {
  return formatRfc3339(at as UnixNano) // a claimed time of an entry, or a week after one
}
