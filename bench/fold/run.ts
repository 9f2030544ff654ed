import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { scanOtlp } from '@holdfast/capture'
import type { EntryGroup, UnixNano } from '@holdfast/model'
import { Recorder } from '@holdfast/recorder'
import { nextBatch } from '../../apps/server/src/views/next-batch.ts'
import { openViews } from '../../apps/server/src/views/open-views.ts'
import { supportExecution } from '../../scenarios/src/histories/agents.ts'
import { otlpLine } from '../../scenarios/src/histories/otlp-line.ts'
import { seededRandom } from '../../scenarios/src/histories/random.ts'
import { makeCorpus, stamp } from '../ingest/corpus.ts'
import { median, round } from '../detect/figures.ts'
import { attacked, groupsOf, requestsOf, traceOf } from '../detect/telling.ts'

/**
 * CPU time of folding a log into every projection, part by part: reading and normalising, each fold, each write. Three kinds
 * of spans, since what one costs depends on what it says. Prints one JSON document a line, and asserts nothing about speed.
 */
const CORPORA: Readonly<Record<string, (spans: number) => Iterable<readonly EntryGroup[]>>> = {
  /** Conversations of 64 tool calls with their texts, an attack among every forty. */
  calls: toolCalls,
  /** Model calls of 1,150 bytes, as `ingest` sends them: eight spans a trace, protobuf. */
  models: modelCalls,
  /** A month of a support desk, as a simulated history. */
  desk: supportDesk,
}

const RECORDED_AT = 1_790_000_000_000_000_000n as UnixNano // after 1970

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    corpus: { type: 'string', multiple: true },
    dir: { type: 'string', default: import.meta.dirname },
  },
})
const spans = Math.max(500, Math.round(20_000 * Number(values.scale)))
const problems: string[] = []
say({ bench: 'fold', node: process.version, cores: availableParallelism(), spans })
for (const name of values.corpus ?? Object.keys(CORPORA)) {
  const rounds: ReadonlyMap<string, number>[] = []
  const states = new Set<string>()
  let entries = 0
  for (let i = 0; i < Number(values.rounds); i += 1) {
    const folder = mkdtempSync(join(values.dir, '.bench-fold-'))
    try {
      entries = await record(folder, CORPORA[name]?.(spans) ?? [])
      const parts = folded(folder, entries)
      rounds.push(parts)
      states.add(stateOf(folder))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  const parts = [...(rounds[0]?.keys() ?? [])].map((part) => [
    part,
    round(median(rounds.map((it) => it.get(part) ?? 0))),
  ])
  if (states.size > 1) problems.push(`${name}: the same log was folded into ${states.size} different states`)
  say({ corpus: name, entries, state: [...states][0], microsPerEntry: Object.fromEntries(parts) })
}
say({ bench: 'fold', result: problems.length === 0 ? 'ok' : 'WRONG', problems })
process.exitCode = problems.length === 0 ? 0 : 1

/** Entries that the log then holds. */
async function record(folder: string, requests: Iterable<readonly EntryGroup[]>): Promise<number> {
  // One time for all, so that the states of two runs, and of two versions of the code, can be compared.
  await using recorder = await Recorder.open({ folder, clock: () => RECORDED_AT })
  for (const groups of requests) await recorder.append(groups)
  return recorder.size
}

/** Microseconds an entry, by part. */
function folded(folder: string, size: number): ReadonlyMap<string, number> {
  using open = openViews(folder)
  const spent = new Map<string, number>()
  const timed = <T>(part: string, work: () => T): T => {
    const begin = cpuMicros()
    const result = work()
    spent.set(part, (spent.get(part) ?? 0) + cpuMicros() - begin)
    return result
  }
  for (let cursor = 0; cursor < size;) {
    const inputs = timed('read', () => nextBatch(open.reader.entries({ from: cursor, to: size })))
    cursor += inputs.length
    for (const { projection, store } of open.projections) {
      const output = timed(`${projection.name} fold`, () => projection.fold(store, inputs))
      timed(`${projection.name} write`, () => store.apply({ cursor, ...output }))
    }
  }
  const parts = new Map([['all', 0]])
  for (const [part, micros] of spent) {
    parts.set(part, micros / size)
    parts.set('all', (parts.get('all') ?? 0) + micros / size)
  }
  return parts
}

/** Digest of what each projection holds: what a faster fold must leave as it was. */
function stateOf(folder: string): string {
  using open = openViews(folder)
  const digests = open.projections.map(({ projection: { name }, store }) => {
    const digest = createHash('sha256')
    for (let after: string | undefined; ;) {
      const rows = store.scan({ prefix: '', limit: 1_000, ...(after === undefined ? {} : { after }) })
      for (const [key, value] of rows) digest.update(`${key}\n${value.length}\n`).update(value)
      after = rows.at(-1)?.[0]
      if (after === undefined) return `${name} ${digest.digest('hex').slice(0, 12)}`
    }
  })
  return digests.join(', ')
}

function* toolCalls(count: number): Iterable<readonly EntryGroup[]> {
  const tellings = Array.from({ length: Math.ceil(count / 64) }, (_, i) =>
    i % 40 === 39
      ? { ...attacked(i, `desk-${i % 40}`), trace: traceOf(i) }
      : { agent: `desk-${i % 40}`, trace: traceOf(i), calls: 63 },
  )
  for (const request of requestsOf(tellings)) yield groupsOf(request)
}

function* modelCalls(count: number): Iterable<readonly EntryGroup[]> {
  const { requests } = makeCorpus(8)
  for (let n = 0; n * 512 < count; n += 1) {
    const request = requests[n % requests.length]
    if (request !== undefined) yield scanned(stamp(request, n), 'proto')
  }
}

function* supportDesk(count: number): Iterable<readonly EntryGroup[]> {
  const random = seededRandom(1)
  const agent = { cluster: 'bench', namespace: 'agents', deployment: 'desk' }
  const start = Date.UTC(2026, 8, 1)
  for (let told = 0, hour = 0; told < count; hour += 1) {
    const executions = Array.from({ length: 40 }, (_, i) => supportExecution(start + (hour * 60 + i) * 60_000, random))
    told += executions.reduce((sum, execution) => sum + execution.spans.length, 0)
    const line = otlpLine(agent, { pod: 'desk-1', executions, random })
    yield scanned(Buffer.from(line), 'json').map(({ envelope, ...rest }) => ({
      ...rest,
      // Of a live source these times would be too far from ours to count.
      envelope: { ...envelope, clock: 'simulated' as const },
    }))
  }
}

function scanned(body: Uint8Array, encoding: 'json' | 'proto'): readonly EntryGroup[] {
  const arrival = { instance: 'bench', credential: 'bench', tier: 'self-reported' } as const
  const result = scanOtlp({ signal: 'traces', encoding, body, arrival })
  if (result.status !== 'scanned') throw new Error(result.message)
  return result.groups
}

function cpuMicros(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
