import { spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { OUTSIDE, PORTS, TestCgroup, TwoNetworks } from '@holdfast/sensor/testing'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { noSensor } from '../sensor/testing/sensed-cgroup.ts'
import { ContainingServer } from './testing/contained.ts'
import { killAll } from './testing/kill-all.ts'

const ALL = ['server', 'driver', 'loader'] as const
const CLI = join(import.meta.dirname, '../../../cli/src/main.ts')
const PATIENT = { timeout: 60_000, interval: 50 }

let folder = ''
/** One for all tests, each of which holds an agent of its own; who ends it starts it again. */
let holdfast: ContainingServer
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-away-'))
  if (noSensor === '') holdfast = await ContainingServer.start(folder)
})
afterAll(async () => {
  await holdfast?.server.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** As root on the host, without a server. */
function releaseLocally(cgroup: TestCgroup): string {
  const words = ['--conditions=@holdfast/source', CLI, 'contain', 'release', String(cgroup.id), '--local', '--yes']
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  return stdout + stderr
}

/** Waits for the last step of a containment, which nobody asked for. */
async function untilEnded(held: { readonly containment: string }, detail: string): Promise<void> {
  await vi.waitFor(async () => {
    expect(await holdfast.found(held)).toMatchObject({ state: 'released', detail })
  }, PATIENT)
}

function frozen(cgroup: TestCgroup): boolean {
  return readFileSync(join(cgroup.path, 'cgroup.events'), 'utf8').includes('frozen 1')
}

/** What waits to thaw a cgroup: everything of ours that has its folder among its words. */
function killThawers(cgroup: TestCgroup): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      if (words.includes('freeze') && words.includes(cgroup.path)) process.kill(Number(pid), 'SIGKILL')
    } catch {
      // It has ended meanwhile.
    }
  }
}

async function sleeping(cgroup: TestCgroup, service: string): Promise<ChildProcess> {
  const child = cgroup.start('/bin/sleep', '600')
  await vi.waitFor(() => expect(readFileSync(join(cgroup.path, 'cgroup.procs'), 'utf8')).not.toBe(''))
  await holdfast.watch(basename(cgroup.path), service)
  return child
}

describe.skipIf(noSensor !== '')(`holds that nobody looks after ${noSensor}`, () => {
  test('with everything dead, release --local thaws and lets through, and the next sensor puts it on record', async () => {
    await using networks = await TwoNetworks.start()
    await using cgroup = new TestCgroup()
    await using agent = networks.agent(cgroup)
    await agent.ask('count')
    await holdfast.watch(basename(cgroup.path), 'builder')
    const cut = await holdfast.apply('builder', 'soft-quarantine')
    const pause = await holdfast.apply('builder', 'pause')
    expect([cut.state, pause.state]).toEqual(['confirmed', 'confirmed'])
    await killAll(holdfast, ALL)
    killThawers(cgroup)
    expect(frozen(cgroup)).toBe(true)
    expect(releaseLocally(cgroup)).toContain('1 cgroup;')
    await vi.waitFor(() => expect(frozen(cgroup)).toBe(false), PATIENT)
    expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)).toBe('connected')
    await holdfast.startAgain()
    await untilEnded(cut, 'released locally')
    await untilEnded(pause, 'released locally')
  })

  test('a restriction too is ended by release --local, and a driver that is there says so at once', async () => {
    await using networks = await TwoNetworks.start()
    await using cgroup = new TestCgroup()
    await using agent = networks.agent(cgroup)
    await agent.ask('count')
    await holdfast.watch(basename(cgroup.path), 'planner')
    const held = await holdfast.apply('planner', 'restrict')
    expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)).toBe('EPERM')
    releaseLocally(cgroup)
    expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)).toBe('connected')
    await untilEnded(held, 'released locally')
  })

  test('a hold and a pause whose time ended are on record as expired', async () => {
    await using cgroup = new TestCgroup()
    await sleeping(cgroup, 'writer')
    const cut = await holdfast.apply('writer', 'soft-quarantine', { ttlMs: 3_000 })
    await untilEnded(cut, 'expired')
    const pause = await holdfast.apply('writer', 'pause', { ttlMs: 1_000 })
    await untilEnded(pause, 'expired')
    expect(frozen(cgroup)).toBe(false)
  })

  test('what expired while everything was dead is found at the next start', async () => {
    await using cgroup = new TestCgroup()
    await sleeping(cgroup, 'reader')
    const cut = await holdfast.apply('reader', 'soft-quarantine', { ttlMs: 4_000 })
    const pause = await holdfast.apply('reader', 'pause', { ttlMs: 4_000 })
    expect([cut.state, pause.state]).toEqual(['confirmed', 'confirmed'])
    await killAll(holdfast, ALL)
    await vi.waitFor(() => expect(frozen(cgroup)).toBe(false), PATIENT)
    await holdfast.startAgain()
    await untilEnded(cut, 'expired')
    await untilEnded(pause, 'expired')
  })

  test('a pause whose own process was ended too is thawed by the driver', async () => {
    await using cgroup = new TestCgroup()
    await sleeping(cgroup, 'sorter')
    const pause = await holdfast.apply('sorter', 'pause', { ttlMs: 1_500 })
    killThawers(cgroup)
    await untilEnded(pause, 'expired')
    expect(frozen(cgroup)).toBe(false)
  })

  test('each rung is released by itself: a quarantine stands when the pause over it ends', async () => {
    await using networks = await TwoNetworks.start()
    await using cgroup = new TestCgroup()
    await using agent = networks.agent(cgroup)
    await agent.ask('count')
    await holdfast.watch(basename(cgroup.path), 'packer')
    const first = await holdfast.apply('packer', 'restrict')
    const cut = await holdfast.apply('packer', 'soft-quarantine')
    await untilEnded(first, 'replaced by another containment')
    const pause = await holdfast.apply('packer', 'pause')
    expect((await holdfast.release(pause)).state).toBe('released')
    await vi.waitFor(() => expect(frozen(cgroup)).toBe(false), PATIENT)
    expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)).toBe('EPERM')
    expect((await holdfast.release(cut)).state).toBe('released')
    expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)).toBe('connected')
  })
})
