import type { LogDelay } from '@holdfast/model'
import { CLOCK_MS } from './limits.ts'

/** Figures of delays in milliseconds; undefined of none. */
export function logDelayOf(delaysMs: readonly number[]): LogDelay | undefined {
  const sorted = delaysMs.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  return sorted.length === 0
    ? undefined
    : { records: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), mostMs: sorted.at(-1) ?? 0 }
}

/** Whether what a platform tells can be in time for the clock that containment is held to (requirement MGD-5). */
export type ClockReach = {
  readonly clockMs: number
  readonly status: 'reachable' | 'unreachable' | 'unknown'
  readonly why: string
  /** What holds without waiting for a record. */
  readonly proposal?: string
}

export function clockReach(delay: LogDelay | undefined): ClockReach {
  const clock = CLOCK_MS / 1_000
  if (delay === undefined)
    return { clockMs: CLOCK_MS, status: 'unknown', why: 'no record with two times of the provider was read yet' }
  const p95 = Math.round(delay.p95Ms / 1_000)
  const records = `${delay.records} ${delay.records === 1 ? 'record' : 'records'}`
  const measured = `of ${records}, 95 % could be read within ${p95} s of the act`
  if (delay.p95Ms < CLOCK_MS)
    return {
      clockMs: CLOCK_MS,
      status: 'reachable',
      why: `${measured}: ${clock - p95} s of ${clock} s are left to act`,
    }
  return {
    clockMs: CLOCK_MS,
    status: 'unreachable',
    why: `${measured}: a clock of ${clock} s is over before the telemetry is there`,
    proposal:
      'a limit that is in force before the act: the generated IAM policy and boundary of its identity, a quota, or a proxy of ours between the agent and its tools',
  }
}
