import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { canonicalJson, type EntryGroup, type UnixNano } from '@holdfast/model'
import { Recorder } from '@holdfast/recorder'
import { fourLayers, ticketTrace } from '../../apps/server/src/audit/testing/four-layers.ts'
import { openAudits } from '../../apps/server/src/audit/testing/open-audits.ts'
import { seededRandom } from '../../apps/server/src/testing/seeded-random.ts'
import { quietConversation, SPANS_A_CONVERSATION, START } from '../quiet-desks.ts'

/**
 * What one audit row takes, from the question to its canonical JSON with all proofs, on a log of so many events: from the
 * database, and once all old content lies in cold storage. Each row is of another conversation, and is asked for over connections
 * that have read nothing before. Each line of output is one JSON document.
 */
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '10000000' },
    rows: { type: 'string', default: '50' },
    dir: { type: 'string', default: tmpdir() },
  },
})
const wanted = Number(values.events)
const rows = Number(values.rows)
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

/** A call and its answer. */
const EVENTS_A_SPAN = 2
/** A sync of the disk for each conversation would be most of the work. */
const CONVERSATIONS_AT_ONCE = 100
const SEED = 4711

const folder = mkdtempSync(join(values.dir, 'holdfast-bench-audit-'))
try {
  const clock = (): UnixNano => (BigInt(Date.now()) * 1_000_000n) as UnixNano // the present is in range
  await using recorder = await Recorder.open({ folder, clock })
  const conversations = Math.ceil(wanted / (SPANS_A_CONVERSATION * EVENTS_A_SPAN))
  const every = Math.max(1, Math.floor(conversations / (2 * rows)))
  const tickets: string[] = []
  const waiting: EntryGroup[] = []
  for (let at = 0; at < conversations; at++) {
    waiting.push(...quietConversation(at))
    if (at % CONVERSATIONS_AT_ONCE === 0 || at === conversations - 1) await recorder.append(waiting.splice(0))
    if (at % every !== 0 || tickets.length === 2 * rows) continue
    const ticket = `TCK-${100_000 + at}`
    tickets.push(ticket)
    await recorder.append(
      fourLayers({ at: START + BigInt(at) * 60_000_000_000n, ticket, port: 20_000 + tickets.length }),
    )
  }
  say({
    bench: 'audit',
    node: process.version,
    cores: availableParallelism(),
    load: loadavg()[0],
    entries: recorder.size,
    events: wanted,
  })
  const foldedMs = timed(() => {
    using open = openAudits(folder, recorder, 'workspace')
    open.fold()
  })
  say({ foldedSeconds: Math.round(foldedMs / 1000), databaseMiB: mib(join(folder, 'log.db')) })
  const random = seededRandom(SEED)
  const asked = tickets.toSorted(() => random() - 0.5)
  const warm = await measured(recorder, asked.slice(0, rows))
  say({ storage: 'database', ...warm.figures })
  const began = performance.now()
  const cooled = await recorder.cold.cool({ before: clock(), by: 'bench', reason: 'bench' })
  say({
    cooledEntries: cooled.entries,
    cooledMiB: Math.round(cooled.bytes / 1_048_576),
    files: cooled.files.length,
    cooledSeconds: Math.round((performance.now() - began) / 1000),
  })
  const cold = await measured(recorder, asked.slice(0, rows))
  const result = warm.bytes.every((bytes, i) => bytes === cold.bytes[i]) ? 'ok' : 'WRONG'
  say({ storage: 'cold', result, ...cold.figures })
} finally {
  rmSync(folder, { recursive: true, force: true })
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

function timed(work: () => void): number {
  const begun = performance.now()
  work()
  return performance.now() - begun
}

function mib(path: string): number {
  return Math.round(statSync(path).size / 1_048_576)
}
