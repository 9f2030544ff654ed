import type { IncidentType, UnixNano } from '@holdfast/model'

import type { CaseState } from '../case/state.ts'
import { PHASES } from '../runbook/runbook.ts'

/** A share with what it was taken from; `share` is undefined where there is nothing to divide by. */
export type Rate = { readonly of: number; readonly from: number; readonly share?: number }

/** Formula 6.5 over a fleet: cases whose complete chain was sealed before the first action, among those that were contained. */
export function chainCompletenessRate(cases: readonly CaseState[]): Rate {
  const contained = cases.filter(reachedContainment)
  return rate(contained.filter(sealedWholeFirst).length, contained.length)
}

function reachedContainment(state: CaseState): boolean {
  return state.actions.size > 0 || [...state.cells.keys()].some((key) => key.endsWith('/contain'))
}

function sealedWholeFirst({ seals, actions }: CaseState): boolean {
  const first = [...actions.values()].reduce<bigint | undefined>(
    (least, { firstAt }) => (least === undefined || firstAt < least ? firstAt : least),
    undefined,
  )
  return seals.some(({ completeness, at }) => completeness >= 1 && (first === undefined || at < first))
}

/** Formula 6.6. Times in milliseconds; a case without a type is counted as open and stands in no percentile. */
export type TimeToClassification = {
  readonly classified: number
  readonly open: number
  readonly p50Ms?: number
  readonly p95Ms?: number
  /** Until the type that holds now. */
  readonly finalP50Ms?: number
  readonly reclassified: Rate
}

/** From the graph of a case to its first and its final type, over a fleet. */
export function timeToClassification(cases: readonly CaseState[]): TimeToClassification {
  const classified = cases.filter(({ types }) => types.length > 0)
  const first = classified.flatMap(({ types, graphAt }) => msBetween(graphAt, types[0]?.at))
  const final = classified.flatMap((state) => msBetween(state.graphAt, finalTypeAt(state)))
  const changed = classified.filter(({ types }) => new Set(types.map(({ type }) => type)).size > 1)
  return {
    classified: classified.length,
    open: cases.length - classified.length,
    ...defined('p50Ms', percentile(first, 50)),
    ...defined('p95Ms', percentile(first, 95)),
    ...defined('finalP50Ms', percentile(final, 50)),
    reclassified: rate(changed.length, classified.length),
  }
}

/** When the type that holds now was first given without another one after it. */
function finalTypeAt({ types }: CaseState): UnixNano | undefined {
  const last: IncidentType | undefined = types.at(-1)?.type
  const other = types.findLastIndex(({ type }) => type !== last)
  return types[other + 1]?.at
}

/** Formula 6.7. False alarms count only where they changed a threshold. */
export function refinementAppliedRate(cases: readonly CaseState[]): Rate {
  const closed = cases.filter(({ end }) => end !== undefined && (end.resolution === 'resolved' || end.changedThreshold))
  return rate(closed.filter(isRefined).length, closed.length)
}

/** A change is active and the replay of the same chain was caught at an earlier stage, or not let through at all. */
function isRefined({ facts }: CaseState): boolean {
  const replay = facts.get('replay-outcome')?.value
  const isActive = (['envelope-updated', 'grant-path-refused', 'source-rules-active'] as const).some(
    (fact) => facts.get(fact)?.value === true,
  )
  return isActive && (replay === 'earlier' || replay === 'blocked')
}

/** From the graph to the first confirmed action, and to the close of each phase: where the time went. */
export function timesOf({ graphAt, types, seals, cells, end }: CaseState): readonly {
  readonly stage: string
  readonly ms: number
}[] {
  const type = types.at(-1)?.type
  const stages: readonly (readonly [string, UnixNano | undefined])[] = [
    ['classified', types[0]?.at],
    ['sealed', seals[0]?.at],
    ...PHASES.map((phase) => [`${phase} closed`, cells.get(`${type}/${phase}`)?.closedAt] as const),
    ['closed', end?.at],
  ]
  return stages.flatMap(([stage, at]) => msBetween(graphAt, at).map((ms) => ({ stage, ms })))
}

/** Nearest rank: a value that was measured, never one between two. */
export function percentile(values: readonly number[], percent: number): number | undefined {
  const ordered = values.toSorted((a, b) => a - b)
  return ordered[Math.max(0, Math.ceil((percent / 100) * ordered.length) - 1)]
}

function rate(of: number, from: number): Rate {
  return from === 0 ? { of, from } : { of, from, share: of / from }
}

function msBetween(from: UnixNano, until: UnixNano | undefined): readonly number[] {
  return until === undefined ? [] : [Number((until - from) / 1_000_000n)]
}

function defined<Name extends string>(name: Name, value: number | undefined): { readonly [Key in Name]?: number } {
  // One member, of the name that was asked for: a computed key loses that.
  return value === undefined ? {} : ({ [name]: value } as { readonly [Key in Name]: number })
}
