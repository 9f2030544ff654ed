import { parseRfc3339 } from '@holdfast/model'
import { dateOf } from '@holdfast/observe'
import type { ProfileDoc } from './docs.ts'

/** The instant that a profile is of, unless one is named: of an agent that lives now, this moment; of a history, its own newest claim. */
export function newestInstant({ clocks, lastClaimed }: ProfileDoc, now: string): bigint {
  const last = lastClaimed === '' ? 0n : BigInt(lastClaimed)
  const wall = parseRfc3339(now) ?? 0n
  return clocks.includes('live') && wall > last ? wall : last
}

/** When observation began; where a mark took the first days out, it counts from the first day that is left. */
export function sinceOf({ firstClaimed }: ProfileDoc, firstDay: number): bigint {
  const start = BigInt(Date.parse(`${dateOf(firstDay)}T00:00:00Z`)) * 1_000_000n
  const first = firstClaimed === '' ? 0n : BigInt(firstClaimed)
  return first > start ? first : start
}
