import type { Rung, UnixNano } from '@holdfast/model'

import { rungHeight } from '../ladder/rungs.ts'
import type { ClockStart, Regime, Within } from './regimes.ts'

/** One duty to notify: by when, whom, and from which moment it was counted. */
export type DutyClock = {
  readonly regime: string
  readonly stage: string
  readonly recipients: readonly string[]
  readonly says: string
  readonly from: ClockStart
  readonly clock:
    /** The moment from which it counts has not been stated. */
    | { readonly status: 'waiting' }
    /** Due as soon as it can be; the rule gives no hour. */
    | { readonly status: 'at-once'; readonly startedAt: UnixNano }
    | { readonly status: 'running' | 'overdue'; readonly startedAt: UnixNano; readonly dueAt: UnixNano }
    | { readonly status: 'done'; readonly at: UnixNano; readonly isLate: boolean }
}

export type DutyQuestion = {
  /** Those that somebody turned on; none is on by itself. */
  readonly regimes: readonly Regime[]
  readonly enabled: ReadonlySet<string>
  /** What the agents of the incident are tagged with. */
  readonly tags: ReadonlySet<string>
  readonly starts: ReadonlyMap<ClockStart, UnixNano>
  /** Notifications that went out, by `<regime>/<stage>`. */
  readonly done: ReadonlyMap<string, UnixNano>
  readonly now: UnixNano
}

/** All clocks of an incident, the soonest first; those that wait stand at the end. */
export function dutyClocks({ regimes, enabled, tags, starts, done, now }: DutyQuestion): readonly DutyClock[] {
  const clocks = regimes
    .filter((regime) => enabled.has(regime.id) && concerns(regime, tags))
    .flatMap((regime) =>
      regime.stages.map(({ id, from, within, recipients, says }): DutyClock => {
        const clock = clockOf({ within, start: starts.get(from), done: done.get(`${regime.id}/${id}`), now })
        return { regime: regime.id, stage: id, recipients, says, from, clock }
      }),
    )
  return clocks.toSorted(
    (a, b) => compare(orderOf(a), orderOf(b)) || compare(a.regime, b.regime) || compare(a.stage, b.stage),
  )
}

/** Regimes under which holding an agent so hard and so long is itself to be reported: shown before anybody approves. */
export function dutiesOfHold(
  hold: { readonly rung: Rung; readonly ttlMs: number },
  { regimes, enabled, tags }: Pick<DutyQuestion, 'regimes' | 'enabled' | 'tags'>,
): readonly string[] {
  // Restricting one tool disrupts no service; what never ends lasts longer than any number of hours.
  if (rungHeight(hold.rung) < rungHeight('soft-quarantine')) return []
  const isEnding = hold.rung === 'stop' || hold.rung === 'kill'
  const hours = hold.ttlMs === 0 || isEnding ? Number.POSITIVE_INFINITY : hold.ttlMs / 3_600_000
  return regimes
    .filter((regime) => enabled.has(regime.id) && concerns(regime, tags))
    .filter(
      (regime) =>
        hours >= (regime['disruption-hours'] ?? Number.POSITIVE_INFINITY) && regime['applies-to'].includes('action'),
    )
    .map(({ id }) => id)
}

/** When a hold that began at `from` becomes a disruption that the regime counts; undefined while it has not. */
export function disruptionStart(regime: Regime, from: UnixNano, until: UnixNano): UnixNano | undefined {
  const hours = regime['disruption-hours']
  if (hours === undefined) return undefined
  const at = plusHours(from, hours)
  return until >= at ? at : undefined
}

/** The last moment of the time that a duty gives. Calendars are read in UTC; public holidays are not known to it. */
export function dueAt(within: Exclude<Within, 'without-undue-delay'>, start: UnixNano): UnixNano {
  if ('hours' in within) return plusHours(start, within.hours)
  if ('days' in within) return plusHours(start, within.days * 24)
  if ('months' in within) return plusMonths(start, within.months)
  return plusBusinessDays(start, within['business-days'])
}

type ClockCase = {
  readonly within: Within
  readonly start: UnixNano | undefined
  readonly done: UnixNano | undefined
  readonly now: UnixNano
}

function clockOf({ within, start, done, now }: ClockCase): DutyClock['clock'] {
  const due = start === undefined || within === 'without-undue-delay' ? undefined : dueAt(within, start)
  if (done !== undefined) return { status: 'done', at: done, isLate: due !== undefined && done > due }
  if (start === undefined) return { status: 'waiting' }
  if (due === undefined) return { status: 'at-once', startedAt: start }
  return { status: now > due ? 'overdue' : 'running', startedAt: start, dueAt: due }
}

function concerns({ tags }: Regime, carried: ReadonlySet<string>): boolean {
  return tags.some((tag) => carried.has(tag))
}

function orderOf({ clock }: DutyClock): bigint {
  switch (clock.status) {
    case 'running':
    case 'overdue':
      return clock.dueAt
    case 'at-once':
      return clock.startedAt
    case 'waiting':
    case 'done':
      return AFTER_ALL
  }
}

/** Later than any time of ours. */
const AFTER_ALL = 1n << 64n

function plusHours(start: UnixNano, hours: number): UnixNano {
  // Nanoseconds stay nanoseconds.
  return (start + BigInt(hours) * 3_600_000_000_000n) as UnixNano
}

/** The same day and time so many months later; the last day of a month that has no such day. */
function plusMonths(start: UnixNano, months: number): UnixNano {
  const date = new Date(Number(start / 1_000_000n))
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, last))
  return withRest(start, date)
}

function plusBusinessDays(start: UnixNano, days: number): UnixNano {
  const date = new Date(Number(start / 1_000_000n))
  for (let left = days; left > 0;) {
    date.setUTCDate(date.getUTCDate() + 1)
    const weekday = date.getUTCDay()
    if (weekday !== 0 && weekday !== 6) left--
  }
  return withRest(start, date)
}

/** A date has milliseconds; what the start had below them stays. */
function withRest(start: UnixNano, date: Date): UnixNano {
  return (BigInt(date.getTime()) * 1_000_000n + (start % 1_000_000n)) as UnixNano
}

function compare<T>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}
