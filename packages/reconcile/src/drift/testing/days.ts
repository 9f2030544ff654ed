import { driftDay, type DriftDay } from '../drift-day.ts'
import type { Act, ActDimension, Execution } from '../execution.ts'
import { driftOf, type Drift, type DriftInput } from '../drift-of.ts'
import type { RecordedChange } from '../matching.ts'

const DAY = 86_400_000_000_000n
const HOUR = DAY / 24n

/** What an execution did: `[dimension, key]`, in order. */
export type Deed = readonly [dimension: ActDimension, key: string]

let entries = 0

/** One execution at an hour of a day; each deed is a second after the one before it. */
export function execution(
  day: number,
  hour: number,
  deeds: readonly Deed[],
  {
    calls = 2,
    rows = 10,
    tokens = 1_000,
    bytes,
    id,
  }: {
    readonly calls?: number
    readonly rows?: number
    readonly tokens?: number
    readonly bytes?: number
    readonly id?: string
  } = {},
): Execution {
  const at = BigInt(day) * DAY + BigInt(Math.round(hour * 3_600)) * 1_000_000_000n
  const acts = deeds.map(([dimension, key], i): Act => ({
    dimension,
    key,
    at: at + BigInt(i) * 1_000_000_000n,
    entry: (entries += 1),
  }))
  return {
    id: id ?? `t-${day}-${hour}-${entries}`,
    at,
    trigger: 'message',
    acts,
    amounts: new Map([
      ['calls', calls],
      ['rows', rows],
      ['input-tokens', tokens],
      ...(bytes === undefined ? [] : [['bytes-out', bytes] as const]),
    ]),
  }
}

/** A support desk: it reads a ticket and answers; every second time it looks the customer up; on Mondays it exports. */
export const TICKET: readonly Deed[] = [
  ['identity', 'desk (service-account)'],
  ['model', 'gpt-5'],
  ['tool', 'ticket.read'],
  ['destination', 'helpdesk.example.test:443'],
]
export const LOOKUP: readonly Deed[] = [
  ...TICKET,
  ['tool', 'crm.query'],
  ['tool-order', 'ticket.read -> crm.query'],
  ['retrieval-source', 'handbook'],
  ['destination', 'crm.example.test:443'],
]
export const EXPORT: readonly Deed[] = [
  ['identity', 'desk (service-account)'],
  ['model', 'gpt-5'],
  ['tool', 'crm.query'],
  ['tool', 'export.write'],
  ['tool-order', 'crm.query -> export.write'],
  ['destination', 'crm.example.test:443'],
  ['destination', 'exports.example.test:443'],
]

/** Days of which `at` is the first that follows. */
export function quietDays(count: number): readonly (readonly Execution[])[] {
  return Array.from({ length: count }, (_, day) => [
    ...Array.from({ length: 8 }, (_unused, i) => execution(day, 8 + i, i % 2 === 0 ? TICKET : LOOKUP)),
    ...(day % 7 === 1 ? [execution(day, 2, EXPORT, { calls: 3, rows: 220 })] : []),
  ])
}

/** A recorded change at an hour of a day. */
export function recorded(day: number, hour: number, change: Partial<RecordedChange>): RecordedChange {
  const time = BigInt(day) * DAY + BigInt(Math.round(hour * 3_600)) * (HOUR / 3_600n)
  return {
    change: 'deploy',
    subject: 'desk',
    entry: 9_000 + day,
    event: `change-${day}-${hour}-${change.change ?? 'deploy'}`,
    at: new Date(Number(time / 1_000_000n)).toISOString(),
    time,
    ...change,
  }
}

/** Judged as a desk with sixteen quiet days before what follows. */
export function judged(
  follows: readonly Execution[],
  changes: readonly RecordedChange[] = [],
  more: Partial<DriftInput> = {},
): Drift {
  return driftOf(daysOf([...quietDays(QUIET).flat(), ...follows]), {
    agent: 'host:-/desk',
    limits: { novelty: 0.02, halfLifeDays: 14 },
    changes,
    decisions: new Map(),
    isTainted: () => false,
    asOf: BigInt(QUIET + 1) * DAY,
    ...more,
  })
}

/** The first day that follows. */
export const QUIET = 16

export function daysOf(executions: readonly Execution[]): readonly DriftDay[] {
  const byDay = Map.groupBy(executions, ({ at }) => Number(at / DAY))
  return [...byDay].toSorted(([a], [b]) => a - b).map(([day, own]) => driftDay(day, own))
}
