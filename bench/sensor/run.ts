import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { RecordCursor } from '../../sensor/src/index.ts'
import { startLoader } from '../../sensor/src/loader/start-loader.ts'
import { loaderPath, whyNoKernel } from '../../sensor/src/testing/root.ts'
import { TestCgroup } from '../../sensor/src/testing/test-cgroup.ts'
import { environment } from '../ingest/environment.ts'
import { acknowledged } from './acknowledged.ts'
import { at, say, spreadOf } from './figures.ts'
import { LOAD_USER, WATCHERS } from './watchers.ts'

/**
 * What watching costs the watched: each load under each watcher, one after the other in every round, so that a busy moment
 * meets all of them alike. Each line of output is one JSON document; ratios are to no watcher in the same round.
 */
const { values } = parseArgs({
  options: { scale: { type: 'string', default: '1' }, rounds: { type: 'string', default: '7' } },
})
const rounds = Math.max(1, Number(values.rounds))
const times = (full: number): string => String(Math.max(1, Math.round(full * Number(values.scale))))
const LOADS = { storm: times(100_000), requests: times(5_000), compile: times(5) }

const reason = whyNoKernel()
if (reason !== undefined) throw new Error(`nothing can be measured here: ${reason}`)
const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
const program = join(folder, 'load')
execFileSync('gcc', ['-O1', '-w', '-static', '-o', program, join(import.meta.dirname, 'load.c')])
const files = join(folder, 'files')
mkdirSync(files)
chmodSync(folder, 0o755)
chmodSync(files, 0o777)

/** Nanoseconds that a load says it took. */
async function run(cgroup: TestCgroup, load: string, count: string): Promise<number> {
  const account = [`--reuid=${LOAD_USER}`, `--regid=${LOAD_USER}`, '--clear-groups']
  const { code, output } = await cgroup.run('/usr/bin/setpriv', ...account, program, load, files, count)
  if (code !== 0) throw new Error(`${load}: ${output}`)
  return Number(output)
}

type Costs = Readonly<Record<keyof typeof LOADS, number>>

async function round(): Promise<ReadonlyMap<string, Costs>> {
  const costs = new Map<string, Costs>()
  for (const [name, start] of Object.entries(WATCHERS)) {
    await using cgroup = new TestCgroup()
    const watcher = await start(cgroup, folder)
    try {
      const storm = await run(cgroup, 'storm', LOADS.storm)
      const requests = await run(cgroup, 'requests', LOADS.requests)
      const compile = await run(cgroup, 'compile', LOADS.compile)
      costs.set(name, { storm, requests, compile })
    } finally {
      // Nobody may be left watching: the audit rule and its daemon are the machine's.
      const { records = 0, cpuMicros = 0 } = await watcher.stop()
      if (records > 0) cpuPerRecord.push(cpuMicros / records)
    }
  }
  return costs
}

const cpuPerRecord: number[] = []
const ratios = new Map<string, number[]>()
try {
  say({ benchmark: 'sensor', ...environment(folder), rounds, loads: LOADS })
  // The first round is warm-up.
  await round()
  cpuPerRecord.length = 0
  for (let count = 0; count < rounds; count += 1) {
    const costs = await round()
    const bare = costs.get('none')
    if (bare === undefined) throw new Error('every round has a run without a watcher')
    for (const [name, cost] of costs)
      for (const load of ['storm', 'requests', 'compile'] as const) note(`${load}: ${name}`, cost[load] / bare[load])
  }
  for (const [what, list] of ratios) if (!what.endsWith(': none')) say({ what, ratio: spreadOf(list) })
  say({ what: 'CPU of the loader per record, us', ...spreadOf(cpuPerRecord) })
  for (const line of await latency()) say(line)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** One open a millisecond: how long after it a record is with the process that reads the loader, and in the durable log. */
async function latency(): Promise<readonly object[]> {
  const micros: number[] = []
  let offset = 0
  const loader = await startLoader({
    path: loaderPath,
    onRecords: (bytes) => {
      const now = (performance.timeOrigin + performance.now()) * 1_000 - offset
      const cursor = new RecordCursor(bytes)
      while (cursor.next()) micros.push(now - Number(cursor.bootNs) / 1_000)
    },
  })
  offset = Number(loader.hello.bootToWallNs / 1_000n)
  await using cgroup = new TestCgroup()
  await loader.send('watch', cgroup.id, 0)
  await run(cgroup, 'paced', times(2_000))
  await loader.stop()
  const sorted = micros.toSorted((a, b) => a - b)
  const { bootToWallNs } = loader.hello
  await using other = new TestCgroup()
  const durable = await acknowledged(other, { bootToWallNs, load: () => run(other, 'paced', times(2_000)) })
  return [
    { what: 'from the kernel to the durable log, us', ...durable },
    { what: 'from the kernel to the driver, us', records: sorted.length, p50: at(sorted, 0.5), p99: at(sorted, 0.99) },
  ]
}

function note(what: string, ratio: number): void {
  ratios.set(what, [...(ratios.get(what) ?? []), ratio])
}
