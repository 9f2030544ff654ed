import type { LogEntry } from '@holdfast/model'
import { FOLD_BATCH_BYTES, FOLD_BATCH_ENTRIES, FOLD_BATCH_EVENTS } from '../limits.ts'
import type { FoldInput } from './fold-input.ts'
import { foldable } from './foldable.ts'

/** The entries to fold next, in log order: at least one where there is any, and no more than the bounds on a batch. */
export function nextBatch(entries: Iterable<LogEntry>): readonly FoldInput[] {
  const inputs: FoldInput[] = []
  let bytes = 0
  let events = 0
  for (const entry of entries) {
    const input = foldable(entry)
    inputs.push(input)
    bytes += entry.body?.length ?? 0
    events += input.events.length
    if (inputs.length >= FOLD_BATCH_ENTRIES || bytes >= FOLD_BATCH_BYTES || events >= FOLD_BATCH_EVENTS) break
  }
  return inputs
}
