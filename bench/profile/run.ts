import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { scanOtlp } from '@holdfast/capture'
import type { LogEntry } from '@holdfast/model'
import { ProjectionStore } from '@holdfast/recorder'
import { foldProfiles } from '../../apps/server/src/profile/fold-profile.ts'
import { FOLD_BATCH_ENTRIES } from '../../apps/server/src/limits.ts'
import type { FoldInput } from '../../apps/server/src/views/fold-input.ts'
import { foldEntries, type FoldOutput, type KeyReader } from '../../apps/server/src/views/fold.ts'
import { foldable } from '../../apps/server/src/views/foldable.ts'
import { otlpLine } from '../../scenarios/src/histories/otlp-line.ts'
import { supportExecution } from '../../scenarios/src/histories/agents.ts'
import { seededRandom } from '../../scenarios/src/histories/random.ts'

/**
 * What it costs to keep profiles up to date, per event, beside what the workspace's own fold of the same entries costs: each
 * round folds both, into stores of their own on the same disk, and the ratio of the round counts.
 */
function main(): void {
  const { values } = parseArgs({
    options: {
      scale: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '5' },
      dir: { type: 'string', default: import.meta.dirname },
    },
  })
  const entries = entriesOf(Math.max(200, Math.round(60_000 * Number(values.scale))))
  const reading: number[] = []
  const inputs = batches(entries).map((batch) => {
    const begin = cpuMicros()
    const read = batch.map(foldable)
    reading.push(cpuMicros() - begin)
    return read
  })
  const events = inputs.flat().reduce((sum, input) => sum + input.events.length, 0)
  const observations = inputs.flat().reduce((sum, input) => sum + input.observations.length, 0)
  say({ entries: entries.length, events, observations, readMicrosPerEvent: round(total(reading) / events) })
  const ratios: number[] = []
  for (let i = 0; i < Number(values.rounds); i += 1) {
    // They take turns at going first: whatever else the machine does hits both alike.
    const first = i % 2 === 0 ? folded(inputs, foldProfiles, values.dir) : undefined
    const workspace = folded(inputs, foldEntries, values.dir)
    const profile = first ?? folded(inputs, foldProfiles, values.dir)
    ratios.push(profile.micros / workspace.micros)
    say({
      round: i,
      profileMicrosPerEvent: round(profile.micros / events),
      workspaceMicrosPerEvent: round(workspace.micros / events),
      profileRows: profile.rows,
      largestRowBytes: profile.largest,
      lastBatchOverFirst: round(profile.lastOverFirst),
    })
  }
  const sorted = ratios.toSorted((a, b) => a - b)
  say({ ratioToWorkspace: { median: round(sorted[Math.floor(sorted.length / 2)] ?? 0), all: ratios.map(round) } })
}

/** Spans of a support desk over thirty days, as a log would hold them. */
function entriesOf(spans: number): readonly LogEntry[] {
  const random = seededRandom(1)
  const agent = { cluster: 'bench', namespace: 'agents', deployment: 'desk' }
  const entries: LogEntry[] = []
  const start = Date.UTC(2026, 8, 1)
  for (let hour = 0; entries.length < spans; hour += 1) {
    const executions = Array.from({ length: 40 }, (_, i) => supportExecution(start + (hour * 60 + i) * 60_000, random))
    const scanned = scanOtlp({
      signal: 'traces',
      encoding: 'json',
      body: new TextEncoder().encode(otlpLine(agent, { pod: 'desk-1', executions, random })),
      arrival: { instance: 'bench', credential: 'bench', tier: 'self-reported' },
    })
    if (scanned.status !== 'scanned') throw new Error(scanned.message)
    for (const { envelope, bytes, starts, ends } of scanned.groups)
      for (const [i, from] of starts.entries())
        entries.push({
          index: entries.length,
          recordedAt: 0n as LogEntry['recordedAt'], // in range
          // A history: of a live source these times would be too far from ours to count.
          envelope: { ...envelope, clock: 'simulated' },
          bodyDigest: '0'.repeat(64) as LogEntry['bodyDigest'], // 64 hex digits
          body: bytes.subarray(from, ends[i]),
          masks: [],
        })
  }
  return entries
}

function batches(entries: readonly LogEntry[]): readonly (readonly LogEntry[])[] {
  const count = Math.ceil(entries.length / FOLD_BATCH_ENTRIES)
  return Array.from({ length: count }, (_, i) => entries.slice(i * FOLD_BATCH_ENTRIES, (i + 1) * FOLD_BATCH_ENTRIES))
}

function folded(
  inputs: readonly (readonly FoldInput[])[],
  fold: (reader: KeyReader, batch: readonly FoldInput[]) => FoldOutput,
  parent: string,
): { readonly micros: number; readonly rows: number; readonly largest: number; readonly lastOverFirst: number } {
  const folder = mkdtempSync(join(parent, '.bench-profile-'))
  try {
    using store = ProjectionStore.open({ folder, name: 'bench', version: 1 })
    let [cursor, rows, largest] = [0, 0, 0]
    const costs = inputs.map((batch) => {
      const begin = cpuMicros()
      const output = fold(store, batch)
      cursor += batch.length
      store.apply({ cursor, ...output })
      const micros = cpuMicros() - begin
      rows += output.puts.length
      for (const [, bytes] of output.puts) largest = Math.max(largest, bytes.length)
      return micros / batch.length
    })
    const tenth = Math.max(1, Math.floor(costs.length / 10))
    return {
      micros: costs.reduce((sum, cost, i) => sum + cost * (inputs[i]?.length ?? 0), 0),
      rows,
      largest,
      // Whether an update grows dearer as the profile grows.
      lastOverFirst: total(costs.slice(-tenth)) / total(costs.slice(0, tenth)),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function cpuMicros(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

main()
