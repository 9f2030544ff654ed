import { importHistory } from '@holdfast/capture'
import type { LogEntry } from '@holdfast/model'
import type { ProjectionStore } from '@holdfast/recorder'
import { foldDrift } from '../../apps/server/src/drift/fold-drift.ts'
import { FOLD_BATCH_ENTRIES } from '../../apps/server/src/limits.ts'
import { foldable } from '../../apps/server/src/views/foldable.ts'

export type Folded = { readonly entries: number; readonly events: number; readonly foldMicros: number }

/** Lines of a history a request, so that no more than a few are in memory. */
const LINES_AT_ONCE = 200

/** Reads a history as an import does and folds it as the server does. */
export function foldHistory(store: ProjectionStore, lines: readonly string[]): Folded {
  let [index, events, foldMicros] = [0, 0, 0]
  for (let from = 0; from < lines.length; from += LINES_AT_ONCE) {
    const text = lines.slice(from, from + LINES_AT_ONCE).join('\n')
    const { groups, rejected } = importHistory({
      file: 'drift-month.jsonl',
      bytes: new TextEncoder().encode(text),
      clock: 'simulated',
      firstLine: from + 1,
    })
    if (rejected.length > 0) throw new Error(`the history is not read whole: ${JSON.stringify(rejected[0])}`)
    const entries: LogEntry[] = []
    for (const { envelope, bytes, starts, ends } of groups)
      for (const [i, start] of starts.entries())
        entries.push({
          index: index++,
          recordedAt: 0n as LogEntry['recordedAt'], // in range
          envelope,
          bodyDigest: '0'.repeat(64) as LogEntry['bodyDigest'], // 64 hex digits
          body: bytes.subarray(start, ends[i]),
          masks: [],
        })
    for (let at = 0; at < entries.length; at += FOLD_BATCH_ENTRIES) {
      const inputs = entries.slice(at, at + FOLD_BATCH_ENTRIES).map(foldable)
      events += inputs.reduce((sum, input) => sum + input.events.length, 0)
      const begin = cpuMicros()
      store.apply({ cursor: store.cursor + inputs.length, ...foldDrift(store, inputs) })
      foldMicros += cpuMicros() - begin
    }
  }
  return { entries: index, events, foldMicros }
}

export function cpuMicros(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}
