import {
  formatRfc3339,
  type DriftChange,
  type DriftDecision,
  type ProfileDimension,
  type UnixNano,
  type VolumeMeasure,
} from '@holdfast/model'
import type { Candidate } from './candidates.ts'
import type { ActDimension } from './execution.ts'
import type { Break, Over } from './known-profile.ts'
import { ENTRIES_SHOWN, HOLD_DAYS } from './limits.ts'
import { MATCHING, type RecordedChange } from './matching.ts'
import { tableRow, type TableRow } from './verdict.ts'

/** A change as it was judged when it was first seen, without how often it was there since. */
export type Draft = Omit<DriftChange, 'last' | 'times' | 'executions' | 'entries'>

/** What the three signals found of a candidate. */
export type Found = {
  readonly id: string
  readonly agent: string
  readonly change: RecordedChange | undefined
  readonly broken: Break | undefined
  readonly over: readonly Over[]
  readonly unbounded: readonly VolumeMeasure[]
  /** Log positions of the execution. */
  readonly entries: readonly number[]
  readonly decision: DriftDecision | undefined
  readonly asOf: bigint
}

/** A candidate with its verdict, the reasons for it and what is to be done. */
export function draftOf(candidate: Candidate, found: Found): Draft {
  const { change, broken, over, decision } = found
  const row = tableRow({
    deployment: change !== undefined,
    continuity: broken === undefined,
    bounds: over.length === 0,
    subject: candidate.subject,
    broken: broken?.kinds ?? new Set(),
    over: new Set(over.map(({ measure }) => measure)),
  })
  const until = candidate.at + BigInt(HOLD_DAYS) * DAY_NANOS
  const side = decision === undefined ? row.side : decision.verdict
  const standing = standingOf(row, { decision, side, isOver: found.asOf > until })
  const dimension = profileDimension(candidate.dimension)
  return {
    id: found.id,
    agent: found.agent,
    subject: candidate.subject,
    kind: candidate.kind,
    ...(dimension === undefined ? {} : { dimension }),
    ...(candidate.key === undefined ? {} : { key: candidate.key }),
    at: timeText(candidate.at),
    what: candidate.what,
    signals: signalsOf(candidate, found),
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

const DAY_NANOS = 86_400_000_000_000n

function signalsOf(candidate: Candidate, { change, broken, over, unbounded, entries }: Found): Draft['signals'] {
  const bounds =
    over.length === 0
      ? 'all amounts are within 1.5 times their 99th percentile'
      : over.map(({ measure, amount, limit }) => `${measure} ${shortened(amount)} over ${shortened(limit)}`).join(', ')
  return {
    deployment: {
      holds: change !== undefined,
      reason: change === undefined ? `no ${kindsOf(candidate)} of a day before it is recorded` : changeWords(change),
      entries: change === undefined ? [] : [change.entry],
    },
    continuity: {
      holds: broken === undefined,
      reason: broken?.words ?? 'the rest of the execution is known in that combination',
      entries: broken?.entries.slice(0, ENTRIES_SHOWN) ?? [],
    },
    bounds: {
      holds: over.length === 0,
      reason: unbounded.length === 0 ? bounds : `${bounds}; no bound is known of ${unbounded.join(', ')}`,
      entries: over.length === 0 ? [] : entries.slice(0, ENTRIES_SHOWN),
    },
  }
}

function standingOf(
  row: TableRow,
  given: { readonly decision: DriftDecision | undefined; readonly side: DriftChange['side']; readonly isOver: boolean },
): DriftChange['standing'] {
  const settled = given.side === 'evolution' ? 'accepted' : 'open'
  if (given.decision !== undefined || row.wait === 'none') return settled
  if (given.isOver) return 'lapsed'
  return row.wait === 'hold' ? 'held' : 'review'
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

function changeRef({
  change,
  subject,
  entry,
  event,
  at,
  changeId,
  approver,
}: RecordedChange): NonNullable<Draft['change']> {
  return {
    change,
    subject,
    entry,
    event,
    at,
    ...(changeId === undefined ? {} : { changeId }),
    ...(approver === undefined ? {} : { approver }),
  }
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
