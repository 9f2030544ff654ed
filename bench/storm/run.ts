import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { LogReader } from '@holdfast/recorder'
import { SensedCgroup } from '../../apps/server/src/sensor/testing/sensed-cgroup.ts'
import type { ServerProcess } from '@holdfast/testkit'
import { startServer } from '../../apps/server/src/testing/server-process.ts'
import { whyNoKernel } from '../../sensor/src/testing/root.ts'
import { environment } from '../ingest/environment.ts'
import type { MemorySample } from './memory-probe.ts'

/**
 * What a storm of opens from all cores leaves in the server's memory, by thread and part: the whole pipeline, from the
 * kernel to the durable log. Each line of output is one JSON document.
 */
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, scale: { type: 'string', default: '1' } },
})
const seconds = Math.max(1, Math.round(Number(values.seconds) * Number(values.scale)))
const MIB = 1024 * 1024

const reason = whyNoKernel()
if (reason !== undefined) throw new Error(`nothing can be measured here: ${reason}`)
const folder = mkdtempSync(join(tmpdir(), 'holdfast-storm-'))
const data = join(folder, 'data')
const files = join(folder, 'files')
const program = join(folder, 'load')
const memory = join(folder, 'memory.jsonl')
mkdirSync(data)
mkdirSync(files)
execFileSync('gcc', ['-O1', '-w', '-static', '-o', program, join(import.meta.dirname, '..', 'sensor', 'load.c')])

type Sensors = { readonly items: readonly { readonly id: string; readonly state: string; readonly lost: number }[] }

const server = await startMeasured()
try {
  say({ benchmark: 'storm', ...environment(folder), seconds, cores: availableParallelism() })
  using cgroup = new SensedCgroup()
  const { id } = await connected()
  say({ what: 'before', ...used() })
  await server.post(`/api/v1/sensors/${id}/watch`, { path: cgroup.path, service: 'storm', allOpens: true })
  await storm(cgroup)
  say({ what: 'end of the storm', stored: stored(), ...used() })
  await server.post(`/api/v1/sensors/${id}/unwatch`, { path: cgroup.path })
  say({ what: 'all delivered', stored: stored(), lost: (await connected()).lost, ...used() })
  while ((await metric('holdfast_projection_lag_entries')) > 0) await delay(1_000)
  say({ what: 'all folded', stored: stored(), most: mostResident(), ...used() })
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function startMeasured(): Promise<ServerProcess> {
  const probe = join(import.meta.dirname, 'memory-probe.ts')
  Object.assign(process.env, { HOLDFAST_BENCH_MEMORY: memory, NODE_OPTIONS: `--import ${probe}` })
  try {
    return await startServer(data, { sensor: true })
  } finally {
    delete process.env['NODE_OPTIONS']
  }
}

async function connected(): Promise<Sensors['items'][number]> {
  for (let tries = 0; tries < 300; tries += 1) {
    const { items } = await server.get<Sensors>('/api/v1/sensors')
    const sensor = items.find(({ state }) => state === 'connected')
    if (sensor !== undefined) return sensor
    await delay(100)
  }
  throw new Error('no sensor connected')
}

/** Opens of files to be written, which are always told, from as many processes as there are cores. */
async function storm(cgroup: SensedCgroup): Promise<void> {
  const join = 'echo $$ > "$1/cgroup.procs" && shift && exec "$@"'
  const words = ['timeout', String(seconds), program, 'storm', files, '1000000000']
  const one = (): Promise<void> =>
    // `timeout` ends with 124, as it is meant to.
    new Promise((resolve) => execFile('/bin/sh', ['-c', join, 'sh', cgroup.folder, ...words], () => resolve()))
  await Promise.all(Array.from({ length: availableParallelism() }, one))
}

function stored(): number {
  using reader = LogReader.open({ folder: data })
  return reader.size()
}

async function metric(name: string): Promise<number> {
  const response = await fetch(`${server.ready.http}/metrics`, {
    headers: { authorization: `Bearer ${server.ready.token}` },
  })
  const line = (await response.text()).split('\n').find((text) => text.startsWith(`${name} `))
  return Number(line?.split(' ')[1])
}

/** The newest sample of each thread, in MiB; thread 0 is the one that records. */
function used(): object {
  const newest = new Map(samples().map((sample) => [sample.thread, sample]))
  const threads = [...newest.values()].map(({ thread, heap, external }) => [
    `thread ${thread}`,
    { heap: mib(heap), external: mib(external) },
  ])
  return { residentMiB: mib(samples().at(-1)?.resident ?? 0), ...(Object.fromEntries(threads) as object) }
}

function mostResident(): number {
  return mib(samples().reduce((most, { resident }) => Math.max(most, resident), 0))
}

function samples(): readonly MemorySample[] {
  const lines = readFileSync(memory, 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line) as MemorySample)
}

function mib(bytes: number): number {
  return Math.round(bytes / MIB)
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
