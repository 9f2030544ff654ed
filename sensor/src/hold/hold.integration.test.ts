import { execFileSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startLoader, type Loader } from '../loader/start-loader.ts'
import { loaderPath, whyNoKernel } from '../testing/root.ts'
import { TestCgroup } from '../testing/test-cgroup.ts'
import { OUTSIDE, PORTS, TwoNetworks, type Arrived } from '../testing/two-networks.ts'

const reason = whyNoKernel()
const holding = test.skipIf(reason !== undefined)
const HELD_WAYS = ['tcp4', 'tcp6', 'udp4', 'udp6'] as const
const LIST = 7

let holds = ''
beforeEach(() => {
  holds = join('/run', `holdfast-test-${randomBytes(4).toString('hex')}`, 'bpf')
})
afterEach(async () => {
  for (const line of tool('list')
    .split('\n')
    .filter((text) => text !== '')) {
    const { cgroup } = JSON.parse(line) as { readonly cgroup: string } // what the loader's `hold list` writes
    tool('release', cgroup)
  }
  // Nothing is left pinned by the time its keeper is done; the mount is the test's to remove.
  const set = join(holds, 'hold-3')
  await until(() => !existsSync(set))
  if (existsSync(holds)) execFileSync('/bin/umount', [holds])
  rmSync(join(holds, '..'), { recursive: true, force: true })
})

holding('quarantine ends what flows, whatever it flows over, and spares the collector', async () => {
  await using networks = await TwoNetworks.start()
  await using cgroup = new TestCgroup()
  await using agent = networks.agent(cgroup)
  await using loader = await start()
  await agent.ask('talk')
  await untilAll(networks, (now) => HELD_WAYS.every((way) => now[way] > 10))
  await quarantine(loader, cgroup.id)
  const before = await networks.arrived()
  await untilAll(networks, (now) => now.collector > before.collector + 200)
  const after = await networks.arrived()
  for (const way of HELD_WAYS) expect({ way, bytes: after[way] }).toEqual({ way, bytes: before[way] })
  expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)).toBe('EPERM')
  expect(await agent.ask(`connect ${OUTSIDE.six}:${PORTS.data}`)).toBe('EPERM')
  expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.collector}`)).toBe('connected')
  await send(loader, 'release', cgroup.id)
  await untilAll(networks, (now) => HELD_WAYS.every((way) => now[way] > after[way]))
})

holding('a unix socket is no way out of quarantine, and none of restriction either way', async () => {
  const path = join(tmpdir(), `holdfast-test-${randomBytes(4).toString('hex')}.sock`)
  const server = createServer((socket) => socket.end()).listen(path)
  await using networks = await TwoNetworks.start()
  await using cgroup = new TestCgroup()
  await using agent = networks.agent(cgroup)
  await using loader = await start()
  await send(loader, 'hold', cgroup.id, 'quarantine', 0, 0)
  expect(await agent.ask(`connect ${path}`)).toBe('EPERM')
  await send(loader, 'hold', cgroup.id, 'restrict', 0, 0)
  expect(await agent.ask(`connect ${path}`)).toBe('connected')
  await send(loader, 'release', cgroup.id)
  server.close()
})

holding('a hold ends by itself when sensor and server are dead', async () => {
  await using networks = await TwoNetworks.start()
  await using cgroup = new TestCgroup()
  await using agent = networks.agent(cgroup)
  const loader = await start()
  const expires = process.hrtime.bigint() // the monotonic clock is never ahead of the boot clock
  await send(loader, 'hold', cgroup.id, 'quarantine', expires + bootAhead() + 1_500_000_000n, 0)
  if (loader.pid !== undefined) process.kill(loader.pid, 'SIGKILL')
  await loader.ended
  expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)).toBe('EPERM')
  await until(async () => (await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)) === 'connected')
  await until(() => !existsSync(join(holds, 'hold-3')))
})

holding('a hold outlives loaders that are killed, and a later one releases it', async () => {
  await using networks = await TwoNetworks.start()
  await using cgroup = new TestCgroup()
  await using agent = networks.agent(cgroup)
  const first = await start()
  await quarantine(first, cgroup.id)
  let loader = first
  for (let kills = 0; kills < 5; kills++) {
    if (loader.pid !== undefined) process.kill(loader.pid, 'SIGKILL')
    await loader.ended
    expect(await agent.ask(`connect ${OUTSIDE.six}:${PORTS.data}`)).toBe('EPERM')
    loader = await start()
    expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)).toBe('EPERM')
    expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.collector}`)).toBe('connected')
  }
  await send(loader, 'release', cgroup.id)
  expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)).toBe('connected')
  await loader.stop()
})

holding('who moves to another cgroup stays held, and so do its children', async () => {
  await using outside = new TestCgroup()
  await using cgroup = new TestCgroup()
  await using loader = await start()
  await send(loader, 'hold', cgroup.id, 'quarantine', 0, 0)
  const script = `echo $$ > ${outside.path}/cgroup.procs; (bash -c 'exec 3<>/dev/udp/127.0.0.1/9') 2>&1; true`
  const { output } = await cgroup.run('/bin/bash', '-c', script)
  expect(output).toContain('Operation not permitted')
  await send(loader, 'release', cgroup.id)
})

holding('fifty holds and releases leave nothing behind', async () => {
  await using cgroup = new TestCgroup()
  const loader = await start()
  for (let cycle = 0; cycle < 50; cycle++) {
    await quarantine(loader, cgroup.id)
    await send(loader, 'release', cgroup.id)
  }
  expect(await loader.send('holds')).toMatchObject({ ok: true, more: { holds: [] } })
  expect(JSON.parse(dump('allowed'))).toEqual([])
  expect(JSON.parse(dump('members'))).toEqual([])
  await loader.stop()
  await until(() => !existsSync(join(holds, 'hold-3')))
})

function tool(...words: readonly string[]): string {
  return execFileSync(loaderPath, ['hold', '--holds', holds, ...words], { encoding: 'utf8' })
}

function start(): Promise<Loader> {
  return startLoader({ path: loaderPath, holds, onRecords: () => {} })
}

async function quarantine(loader: Loader, cgroup: bigint): Promise<void> {
  await send(loader, 'allow', LIST, 4, `${OUTSIDE.four}/32`, PORTS.collector, 'tcp')
  await send(loader, 'hold', cgroup, 'quarantine', 0, LIST)
}

async function send(loader: Loader, verb: string, ...words: readonly (string | number | bigint)[]): Promise<void> {
  const { ok, error } = await loader.send(verb, ...words)
  if (!ok) throw new Error(`${verb}: ${error}`)
}

function dump(map: string): string {
  return execFileSync('/usr/sbin/bpftool', ['-j', 'map', 'dump', 'pinned', join(holds, 'hold-3', map)], {
    encoding: 'utf8',
  })
}

/** By how much the boot clock is ahead of the monotonic clock: what the machine slept. */
function bootAhead(): bigint {
  const [boot = '0'] = execFileSync('/bin/cat', ['/proc/uptime'], { encoding: 'utf8' }).split(' ')
  return BigInt(Math.round(Number(boot) * 100)) * 10_000_000n - process.hrtime.bigint()
}

async function untilAll(networks: TwoNetworks, is: (now: Arrived) => boolean): Promise<void> {
  await until(async () => is(await networks.arrived()))
}

async function until(is: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await is())) await new Promise((resolve) => setTimeout(resolve, 5))
}
