import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LogReader } from '@holdfast/recorder'
import { normalise } from '@holdfast/capture'
import type { ServerProcess } from '@holdfast/testkit'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startServer } from '../testing/server-process.ts'
import { noSensor, SensedCgroup } from './testing/sensed-cgroup.ts'

type Sensors = {
  readonly items: readonly {
    readonly id: string
    readonly state: string
    readonly start: string
    readonly watched: readonly unknown[]
  }[]
}
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
/** Context of the whole run. */
const RUN = `00-${TRACE}-00f067aa0ba902b7-01`

let folder = ''
let server: ServerProcess
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-sensor-'))
})
afterEach(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function start(): Promise<void> {
  server = await startServer(folder, { sensor: true })
}

async function connected(): Promise<Sensors['items'][number]> {
  return await vi.waitFor(
    async () => {
      const { items } = await server.get<Sensors>('/api/v1/sensors')
      const sensor = items.find(({ state }) => state === 'connected')
      if (sensor === undefined) throw new Error('no sensor is connected yet')
      return sensor
    },
    { timeout: 30_000, interval: 100 },
  )
}

async function watch(cgroup: SensedCgroup): Promise<string> {
  const { id } = await connected()
  await server.post(`/api/v1/sensors/${id}/watch`, {
    path: cgroup.path,
    service: 'builder',
    run: 'run-test',
    traceparent: RUN,
  })
  return id
}

/** Sees to it that all of the cgroup is in the log, by ending the watch. */
async function unwatch(cgroup: SensedCgroup): Promise<void> {
  const { id } = await connected()
  await server.post(`/api/v1/sensors/${id}/unwatch`, { path: cgroup.path })
}

function execs(): readonly { readonly binary: string; readonly basis: string | undefined; readonly tier: string }[] {
  using reader = LogReader.open({ folder })
  return [...reader.entries({ from: 0 })]
    .filter(({ envelope }) => envelope.channel === 'sensor')
    .flatMap((entry) => normalise(entry).events)
    .flatMap(({ body, context, source }) =>
      body.kind === 'process' && body.action === 'exec'
        ? [{ binary: body.binary, basis: context.contextBasis, tier: source.tier }]
        : [],
    )
}

function count(binary: string): number {
  return execs().filter((exec) => exec.binary.endsWith(`/${binary}`)).length
}

describe.skipIf(noSensor !== '')(`a sensor beside the server ${noSensor}`, () => {
  test('what runs in a watched cgroup is in the log, of the kernel tier, with its trace context', async () => {
    await start()
    using cgroup = new SensedCgroup()
    await watch(cgroup)
    cgroup.run('/bin/true', { TRACEPARENT: RUN })
    await unwatch(cgroup)
    expect(execs().find(({ binary }) => binary.endsWith('/true'))).toMatchObject({ tier: 'kernel', basis: 'run' })
    using reader = LogReader.open({ folder })
    expect([...reader.segmentsWithTerm(`trace:${TRACE}`)].length).toBeGreaterThan(0)
  })

  test('a server that is killed and away misses nothing, and nothing is stored twice', async () => {
    await start()
    using cgroup = new SensedCgroup()
    await watch(cgroup)
    for (let round = 0; round < 3; round += 1) {
      cgroup.run('for i in 1 2 3 4 5; do /bin/true; done')
      await server.kill()
      cgroup.run('for i in 1 2 3 4 5; do /bin/true; done')
      await start()
      await connected()
      cgroup.run('for i in 1 2 3 4 5; do /bin/true; done')
    }
    await unwatch(cgroup)
    expect(count('true')).toBe(45)
    using reader = LogReader.open({ folder })
    expect(reader.controls('gap').filter(({ record }) => record.kind === 'gap' && record.channel === 'sensor')).toEqual(
      [],
    )
  })

  test('a driver that is killed is started again, watches what it watched, and says that it was blind', async () => {
    await start()
    using cgroup = new SensedCgroup()
    await watch(cgroup)
    cgroup.run('/bin/true')
    const before = await connected()
    process.kill(driverOf(folder), 'SIGKILL')
    await vi.waitFor(
      async () => {
        const now = await connected()
        expect(now.start).not.toBe(before.start)
        expect(now.watched.length).toBe(1)
      },
      { timeout: 30_000, interval: 200 },
    )
    cgroup.run('/bin/ls /')
    await unwatch(cgroup)
    expect(count('ls')).toBe(1)
    using reader = LogReader.open({ folder })
    const gaps = reader.controls('gap').map(({ record }) => record)
    expect(gaps).toContainEqual(expect.objectContaining({ reason: 'sensor-silent', channel: 'sensor' }))
  })
})

/** The driver that serves a folder, by its command line. */
function driverOf(data: string): number {
  const pid = readFileSync(join(data, 'sensor', 'pid'), 'utf8')
  return Number(pid)
}
