import { statSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { canonicalJson, type UnixNano } from '@holdfast/model'
import { Recorder } from '@holdfast/recorder'
import { ticketTrace } from '../../apps/server/src/audit/testing/four-layers.ts'
import { openAudits } from '../../apps/server/src/audit/testing/open-audits.ts'
import { seededRandom } from '../../apps/server/src/testing/seeded-random.ts'
import { largeFolder } from '../large/folder.ts'
import { ticketOf, TICKETS } from '../large/log.ts'

/**
 * What one audit row takes, from the question to its canonical JSON with all proofs, on a log of so many events: from the
 * database, and once all old content lies in cold storage. Each row is of another conversation, and is asked for over connections
 * that have read nothing before. `--data` keeps the folder for other benchmarks, which is then cold; `--no-cold` leaves it as it is.
 * Each line of output is one JSON document.
 */
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '10000000' },
    rows: { type: 'string', default: '50' },
    dir: { type: 'string', default: tmpdir() },
    data: { type: 'string' },
    cold: { type: 'boolean', default: true },
  },
  allowNegative: true,
})
const wanted = Number(values.events)
const rows = Number(values.rows)
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

const SEED = 4711

using large = await largeFolder({ data: values.data, dir: values.dir, events: wanted, minutes: Infinity, say })
const { folder, filled } = large
const clock = (): UnixNano => (BigInt(Date.now()) * 1_000_000n) as UnixNano // the present is in range
await using recorder = await Recorder.open({ folder, clock })
say({
  bench: 'audit',
  node: process.version,
  cores: availableParallelism(),
  load: loadavg()[0],
  entries: recorder.size,
  events: filled.events,
  databaseMiB: mib(join(folder, 'log.db')),
})
const random = seededRandom(SEED)
const asked = Array.from({ length: TICKETS }, (_, n) => ticketOf(n))
  .toSorted(() => random() - 0.5)
  .slice(0, rows)
const warm = await measured(recorder, asked)
say({ storage: 'database', ...warm.figures })
if (values.cold) {
  const began = performance.now()
  const cooled = await recorder.cold.cool({ before: clock(), by: 'bench', reason: 'bench' })
  say({
    cooledEntries: cooled.entries,
    cooledMiB: Math.round(cooled.bytes / 1_048_576),
    files: cooled.files.length,
    cooledSeconds: Math.round((performance.now() - began) / 1000),
  })
  const cold = await measured(recorder, asked)
  const result = warm.bytes.every((bytes, i) => bytes === cold.bytes[i]) ? 'ok' : 'WRONG'
  say({ storage: 'cold', result, ...cold.figures })
}

/** Each row twice: over connections that have read nothing, and again at once. */
async function measured(recorder: Recorder, tickets: readonly string[]) {
  const [first, again, bytes]: [number[], number[], string[]] = [[], [], []]
  let entries = 0
  for (const ticket of tickets) {
    using open = openAudits(folder, recorder, 'workspace')
    const { items } = await open.audits.find(callOf(ticket))
    const row = items.find(({ id }) => id.startsWith(ticketTrace(ticket)))?.row
    if (row === undefined) throw new Error(`${ticket} has no row`)
    // Finding it has read the graph: another connection is asked for the row.
    using fresh = openAudits(folder, recorder, 'workspace')
    const begun = performance.now()
    const made = await fresh.audits.row(row)
    const json = canonicalJson(made)
    first.push(performance.now() - begun)
    const repeated = performance.now()
    canonicalJson(await fresh.audits.row(row))
    again.push(performance.now() - repeated)
    bytes.push(json)
    entries += made.proof.entries.length
    if (made.coverage.filled !== 4) throw new Error(`${ticket} has ${made.coverage.filled} layers`)
  }
  return {
    bytes,
    figures: {
      rows: tickets.length,
      entriesPerRow: Math.round(entries / tickets.length),
      firstMs: percentiles(first),
      againMs: percentiles(again),
    },
  }
}

function callOf(ticket: string): string {
  return `call-${ticket}`
}

function percentiles(numbers: readonly number[]): { readonly p50: number; readonly p99: number } {
  const sorted = numbers.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1))
  return { p50: at(0.5), p99: at(0.99) }
}

function mib(path: string): number {
  return Math.round(statSync(path).size / 1_048_576)
}
