import type { LogReader } from '@holdfast/recorder'

/** How many entries the log held at a moment of its own clock: a binary search over recorded times. */
export function sizeAt(reader: LogReader, recordedAt: bigint): number {
  let low = 0
  let high = reader.size()
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const entry = reader.entry(middle)
    if (entry !== undefined && entry.recordedAt <= recordedAt) low = middle + 1
    else high = middle
  }
  return low
}
