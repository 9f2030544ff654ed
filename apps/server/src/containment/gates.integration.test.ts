import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { normalise } from '@holdfast/capture'
import { LogReader } from '@holdfast/recorder'
import { TestCgroup } from '@holdfast/sensor/testing'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { noSensor } from '../sensor/testing/sensed-cgroup.ts'
import { startServer } from '../testing/server-process.ts'
import { ContainingServer } from './testing/contained.ts'

const CLI = join(import.meta.dirname, '../../../cli/src/main.ts')
const PATIENT = { timeout: 30_000, interval: 100 }

let folder = ''
/** One for all tests, each of which holds an agent of its own. */
let holdfast: ContainingServer
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-gates-'))
  if (noSensor === '') holdfast = await ContainingServer.start(folder)
})
afterAll(async () => {
  await holdfast?.server.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** One model call whose answer nobody captured: a chain that misses artifacts. */
async function sendModelCall(service: string): Promise<void> {
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
  const span = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    name: 'chat scripted',
    kind: 3,
    startTimeUnixNano: '1763700000000000000',
    endTimeUnixNano: '1763700001000000000',
    attributes: [text('gen_ai.operation.name', 'chat')],
  }
  const resource = { attributes: [text('service.name', service), text('host.name', hostname())] }
  const response = await fetch(`${holdfast.server.ready.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'test' }, spans: [span] }] }] }),
  })
  expect(response.status).toBe(200)
  await vi.waitFor(async () => {
    const { projection } = await holdfast.server.get<{ readonly projection: { readonly lag: number } }>(
      '/api/v1/integrity',
    )
    expect(projection.lag).toBe(0)
  }, PATIENT)
}

function run(name: string, ...command: readonly string[]) {
  const words = ['--conditions=@holdfast/source', CLI, 'run', '--data', folder, '--name', name, '--', ...command]
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' })
  return { status, stdout, stderr }
}

function states(): readonly string[] {
  using reader = LogReader.open({ folder })
  return reader.controls('containment').flatMap(({ record }) => (record.kind === 'containment' ? [record.state] : []))
}

describe.skipIf(noSensor !== '')(`what holding refuses, and what it records ${noSensor}`, () => {
  test('a kill is refused while the chain of the agent is incomplete, and the process lives', async () => {
    await using cgroup = new TestCgroup()
    const child = cgroup.start('/bin/sleep', '600')
    await holdfast.watch(basename(cgroup.path), 'builder')
    await sendModelCall('builder')
    await expect(holdfast.apply('builder', 'kill')).rejects.toThrow(/409.*complete to \d+ %/)
    expect(child.exitCode).toBeNull()
    expect(states()).toEqual(['refused'])
    const cut = await holdfast.apply('builder', 'soft-quarantine')
    expect(cut.state).toBe('confirmed')
    expect(cut.plan.evidence.completeness).toBeLessThan(1)
    await holdfast.release(cut)
  })

  test('what was killed is not run again before it is released, with a sensor or without', async () => {
    await using cgroup = new TestCgroup()
    const { pid } = cgroup.start('/bin/sleep', '600')
    // A start that the sensor sees would be evidence, of a chain that is not whole.
    await vi.waitFor(() => expect(readFileSync(`/proc/${pid}/comm`, 'utf8')).toBe('sleep\n'), PATIENT)
    await holdfast.watch(basename(cgroup.path), 'planner')
    const killed = await holdfast.apply('planner', 'kill')
    expect(killed.state).toBe('confirmed')
    expect(run('planner', 'echo', 'it runs')).toMatchObject({
      stdout: '',
      stderr: expect.stringContaining('was killed'),
    })
    await holdfast.server.stop()
    holdfast.server = await startServer(folder)
    const unwatched = run('planner', 'echo', 'it runs')
    expect(unwatched).toMatchObject({ stdout: '', stderr: expect.stringContaining('contain release') })
    expect(unwatched.status).not.toBe(0)
    expect(run('other', 'echo', 'it runs')).toMatchObject({ status: 0, stdout: expect.stringContaining('it runs') })
    await holdfast.server.stop()
    holdfast.server = await startServer(folder, { sensor: true })
    await holdfast.connected()
    expect((await holdfast.release(killed)).state).toBe('released')
    expect(run('planner', 'echo', 'it runs')).toMatchObject({ status: 0, stdout: expect.stringContaining('it runs') })
  })

  test('what a hold refuses is in the log, with how often', async () => {
    await using cgroup = new TestCgroup()
    const script = 'read line; for i in 1 2 3 4 5; do (exec 3<>/dev/tcp/192.0.2.9/443) 2>/dev/null; done; read line'
    const child = cgroup.start('/bin/bash', '-c', script)
    await holdfast.watch(basename(cgroup.path), 'writer')
    const count = (from: (to: string) => boolean): number =>
      refusals('connect').reduce((sum, one) => sum + (from(one.to) ? one.count : 0), 0)
    const before = count(() => true)
    const held = await holdfast.apply('writer', 'soft-quarantine')
    // The probe's own two; what is counted from then on is the agent's.
    await vi.waitFor(() => expect(count(() => true)).toBe(before + 2), PATIENT)
    child.stdin?.write('go\n')
    await vi.waitFor(() => expect(count((to) => to === '192.0.2.9:443')).toBe(5), PATIENT)
    expect(count(() => true)).toBe(before + 7)
    child.stdin?.write('go\n')
    await holdfast.release(held)
  })

  test('a new raw socket that a hold refuses is in the log as a refused connection, with how often', async () => {
    await using cgroup = new TestCgroup()
    // AF_INET, SOCK_RAW, ICMP: it says how many of them it got.
    const script = '$| = 1; <STDIN>; print scalar grep { socket(my $s, 2, 3, 1) } 1 .. 3; <STDIN>'
    const child = cgroup.start('/usr/bin/perl', '-e', script)
    let got = ''
    child.stdout?.on('data', (chunk: Buffer) => (got += chunk.toString()))
    await holdfast.watch(basename(cgroup.path), 'reader')
    const held = await holdfast.apply('reader', 'soft-quarantine')
    const sum = (): number => refusals('socket').reduce((total, { count }) => total + count, 0)
    const before = sum()
    child.stdin?.write('go\n')
    await vi.waitFor(() => expect({ got, refused: sum() - before }).toEqual({ got: '0', refused: 3 }), PATIENT)
    child.stdin?.write('go\n')
    await holdfast.release(held)
  })
})

/** What holds refused in the log: to whom the last of each count was. */
function refusals(what: 'connect' | 'socket'): readonly { readonly to: string; readonly count: number }[] {
  using reader = LogReader.open({ folder })
  return [...reader.entries({ from: 0 })]
    .filter(({ envelope }) => envelope.channel === 'sensor')
    .flatMap((entry) => normalise(entry).events)
    .flatMap(({ body }) => {
      if (body.kind !== 'connection' || body.action !== 'refused' || body.refused !== what) return []
      const { address = '', port = 0 } = body.remote ?? {}
      return [{ to: `${address}:${port}`, count: body.count ?? 0 }]
    })
}
