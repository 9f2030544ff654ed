/**
 * What the inventory of one agent at a past instant costs, paired in one run with the same question on DuckDB over the same
 * rows. Events are generated from a seed and folded as the server folds them; both answers are compared before any is timed.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ProjectionStore } from '@holdfast/recorder'
import type { LogEntry } from '@holdfast/model'
import { AgentInventory } from '../../apps/server/src/inventory/bom.ts'
import { foldInventory } from '../../apps/server/src/inventory/fold-inventory.ts'
import { seededRandom } from '../../apps/server/src/testing/seeded-random.ts'
import type { FoldInput } from '../../apps/server/src/views/fold-input.ts'
import { SightingTable } from './duckdb.ts'
import { AGENTS, instantOf, rowsOf, type Row } from './rows.ts'

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    dir: { type: 'string' },
  },
})
const events = Math.round(10_000_000 * Number(values.scale))
const rounds = Number(values.rounds)
const SEED = 4711
const BATCH = 1_024
const QUESTIONS = 200
const NOTHING = new Uint8Array(0)

const folder = mkdtempSync(join(values.dir ?? tmpdir(), 'holdfast-bench-'))
const problems: string[] = []
try {
  using store = ProjectionStore.open({ folder, name: 'inventory', version: 1 })
  const foldedMs = fold(store)
  const duckPath = join(folder, 'rows.duckdb')
  const duck = await SightingTable.open(duckPath)
  const begun = performance.now()
  await duck.fill(rowsOf(events, SEED))
  const filledMs = performance.now() - begun
  const random = seededRandom(SEED + 1)
  const questions = Array.from({ length: QUESTIONS }, () => ({
    agent: `k8s:-/bench/agent-${Math.floor(random() * AGENTS)}`,
    at: instantOf(random),
  }))
  for (const { agent, at } of questions.slice(0, 50)) {
    const own = rowsAt(store, { agent, at })
    const other = await duck.at(agent, at)
    if (JSON.stringify(own) !== JSON.stringify(other))
      problems.push(`${agent} at ${at}: ${own.length} and ${other.length} parts`)
  }
  const times = { product: [] as number[], duckdb: [] as number[] }
  // By turns, so that both meet the same machine.
  for (let round = 0; round < rounds; round++)
    for (const question of questions) {
      times.product.push(await took(() => rowsAt(store, question)))
      times.duckdb.push(await took(() => duck.at(question.agent, question.at)))
    }
  duck.close()
  const megabytes = (path: string): number => Math.round(statSync(path).size / 1_048_576)
  print({
    result: problems.length === 0 ? 'ok' : 'WRONG',
    problems: problems.slice(0, 5),
    events,
    questions: QUESTIONS * rounds,
    productMs: percentiles(times.product),
    duckdbMs: percentiles(times.duckdb),
    ratioP50: ratio(times, 0.5),
    ratioP99: ratio(times, 0.99),
    foldMicrosPerEvent: Number(((foldedMs * 1000) / events).toFixed(2)),
    duckdbMicrosPerEvent: Number(((filledMs * 1000) / events).toFixed(2)),
    productMiB: megabytes(join(folder, 'views', 'inventory.db')),
    duckdbMiB: megabytes(duckPath),
  })
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** As the server folds: batches of entries, one durable step for each. Answers the time that took. */
function fold(store: ProjectionStore): number {
  let spent = 0
  let batch: FoldInput[] = []
  const flush = (): void => {
    const begun = performance.now()
    store.apply({ cursor: store.cursor + batch.length, ...foldInventory(store, batch) })
    spent += performance.now() - begun
    batch = []
  }
  for (const row of rowsOf(events, SEED)) {
    batch.push(inputOf(row))
    if (batch.length === BATCH) flush()
  }
  if (batch.length > 0) flush()
  return spent
}

function inputOf({ agent, sighting }: Row): FoldInput {
  const entry: LogEntry = {
    index: sighting.entry,
    recordedAt: sighting.recordedAt,
    envelope: {
      channel: 'otlp',
      instance: 'bench',
      credential: 'loopback',
      tier: sighting.tier,
      encoding: 'otlp-span-proto',
      clock: 'live',
      agent,
      agentName: agent,
      resource: NOTHING,
      scope: NOTHING,
      schemaUrl: '',
    },
    bodyDigest: '0'.repeat(64) as LogEntry['bodyDigest'], // 64 hex digits
    body: NOTHING,
    masks: [],
  }
  return {
    entry,
    events: [],
    unmapped: [],
    sightings: [sighting],
    observations: [],
    observed: [],
    titleOf: () => undefined,
  }
}

function rowsAt(
  store: ProjectionStore,
  { agent, at }: { readonly agent: string; readonly at: bigint },
): readonly string[] {
  const rows = AgentInventory.open(store, agent)?.at({ at, size: store.cursor }).rows ?? []
  return rows.flatMap(({ id, also }) => [id, ...also]).toSorted()
}

async function took(act: () => unknown): Promise<number> {
  const begun = performance.now()
  await act()
  return performance.now() - begun
}

function percentiles(times: readonly number[]): { readonly p50: number; readonly p99: number } {
  return { p50: Number(quantile(times, 0.5).toFixed(2)), p99: Number(quantile(times, 0.99).toFixed(2)) }
}

function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

/** How many times as long DuckDB took. */
function ratio(
  times: { readonly product: readonly number[]; readonly duckdb: readonly number[] },
  share: number,
): number {
  return Number((quantile(times.duckdb, share) / quantile(times.product, share)).toFixed(2))
}

function print(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
