import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { whyNoKernel } from '../testing/root.ts'
import { buildStaticProgram } from '../testing/static-program.ts'
import { TestCgroup } from '../testing/test-cgroup.ts'
import { TestHolder } from '../testing/test-holder.ts'
import { LineProcess, OUTSIDE, PORTS, TwoNetworks } from '../testing/two-networks.ts'

const holding = test.skipIf(whyNoKernel() !== undefined)
const PATIENT = { timeout: 90_000, interval: 10 }
/** Opens a connection as of the test's own cgroup, joins, and becomes the program with it as number 3. */
const INHERIT = `exec 3<>/dev/tcp/${OUTSIDE.four}/${PORTS.data}; echo $$ > "$1/cgroup.procs"; exec "$2"`

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-routes-'))
  buildStaticProgram(new URL('../testing/routes/', import.meta.url), join(folder, 'routes'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function agentIn(networks: TwoNetworks, cgroup: TestCgroup): LineProcess {
  const enter = `--net=/run/netns/${networks.inside}`
  const ping = 'echo 0 2147483647 > /proc/sys/net/ipv4/ping_group_range'
  execFileSync('/usr/bin/nsenter', [enter, '/bin/sh', '-c', ping])
  return new LineProcess('/usr/bin/nsenter', [
    enter,
    '/bin/bash',
    '-c',
    INHERIT,
    'bash',
    cgroup.path,
    join(folder, 'routes'),
  ])
}

holding('no way out of quarantine that the kernel has a hook for is open', async () => {
  await using networks = await TwoNetworks.start()
  await using cgroup = new TestCgroup()
  await using agent = agentIn(networks, cgroup)
  await using holder = await TestHolder.start()
  const routes: readonly (readonly [route: string, refusal: string])[] = [
    ['tcp', 'EPERM'],
    ['icmp-raw', 'EPERM'],
    ['icmp', 'EPERM'],
    // The answer of an interface that dropped it.
    [`frame ${networks.interface}`, 'ENOBUFS'],
    [`frame-bypass ${networks.interface}`, 'EPERM'],
    ['ring-connect', 'EPERM'],
    ['ring-send', 'EPERM'],
    [`network /run/netns/${networks.outside}`, 'EPERM'],
  ]
  for (const [route] of routes) expect([route, await agent.ask(route)]).toEqual([route, 'sent'])
  expect(await agent.ask('inherited')).toBe('sent')
  await vi.waitFor(async () => {
    expect(await networks.arrived()).toMatchObject({ tcp4: 1, udp4: 3 })
  }, PATIENT)

  expect(await holder.apply(cgroup, 'soft-quarantine')).toEqual([])
  for (const [route, refusal] of routes) expect([route, await agent.ask(route)]).toEqual([route, refusal])
  expect(await agent.ask('network new')).toBe('EPERM')
  // The kernel has no hook for it: the page about holding lists it as open.
  expect(await agent.ask('vsock')).not.toBe('EPERM')
  // The kernel takes it into the socket's buffer; nothing of it leaves.
  await agent.ask('inherited')
  await agent.ask('inherited')

  await holder.release(cgroup)
  expect(await agent.ask('ring-send')).toBe('sent')
  await vi.waitFor(async () => {
    const { tcp4, udp4 } = await networks.arrived()
    // What was accepted meanwhile comes once it may, and of the datagrams only the one after the release.
    expect([tcp4 >= 1, udp4]).toEqual([true, 4])
  }, PATIENT)
})

holding('what an inherited connection takes during a hold does not leave before its end', async () => {
  await using networks = await TwoNetworks.start()
  await using cgroup = new TestCgroup()
  await using agent = agentIn(networks, cgroup)
  await using holder = await TestHolder.start()
  await agent.ask('inherited')
  await vi.waitFor(async () => expect((await networks.arrived()).tcp4).toBe(1), PATIENT)
  expect(await holder.apply(cgroup, 'soft-quarantine')).toEqual([])
  for (let sent = 0; sent < 20; sent += 1) await agent.ask('inherited')
  // A byte of an allowed sender after them: whatever left before it has arrived.
  await using other = new TestCgroup()
  await using free = agentIn(networks, other)
  await free.ask('ring-send')
  await vi.waitFor(async () => expect((await networks.arrived()).udp4).toBe(1), PATIENT)
  expect((await networks.arrived()).tcp4).toBe(1)
  await holder.release(cgroup)
  await vi.waitFor(async () => expect((await networks.arrived()).tcp4).toBe(21), PATIENT)
})

holding('a packet socket and a raw one that were open before the hold send nothing in it', async () => {
  await using networks = await TwoNetworks.start()
  await using cgroup = new TestCgroup()
  await using agent = agentIn(networks, cgroup)
  await using holder = await TestHolder.start()
  expect(await agent.ask('open-packet')).toBe('sent')
  expect(await agent.ask('open-raw')).toBe('sent')
  expect(await agent.ask('icmp-open')).toBe('sent')
  expect(await agent.ask(`frame ${networks.interface}`)).toBe('sent')
  await vi.waitFor(async () => expect((await networks.arrived()).udp4).toBe(1), PATIENT)
  expect(await holder.apply(cgroup, 'soft-quarantine')).toEqual([])
  expect(await agent.ask(`frame ${networks.interface}`)).toBe('ENOBUFS')
  expect(await agent.ask('icmp-open')).toBe('EPERM')
  await holder.release(cgroup)
  expect(await agent.ask('icmp-open')).toBe('sent')
  expect(await agent.ask(`frame ${networks.interface}`)).toBe('sent')
  await vi.waitFor(async () => expect((await networks.arrived()).udp4).toBe(2), PATIENT)
})

holding('a restriction lets through what it lists and nothing else, raw sockets least', async () => {
  await using networks = await TwoNetworks.start()
  await using cgroup = new TestCgroup()
  await using agent = agentIn(networks, cgroup)
  await using talker = networks.agent(cgroup)
  await using holder = await TestHolder.start()
  await talker.ask('talk')
  await vi.waitFor(async () => expect((await networks.arrived()).tcp4).toBeGreaterThan(10), PATIENT)
  const allow = [{ address: OUTSIDE.four, prefix: 32, port: PORTS.collector, protocol: 'tcp' }] as const
  expect(await holder.apply(cgroup, 'restrict', allow)).toEqual([])
  const before = await networks.arrived()
  expect(await talker.ask(`connect ${OUTSIDE.four}:${PORTS.collector}`)).toBe('connected')
  expect(await talker.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)).toBe('EPERM')
  expect(await talker.ask(`connect ${OUTSIDE.six}:${PORTS.collector}`)).toBe('EPERM')
  expect(await agent.ask('icmp-raw')).toBe('EPERM')
  // What was open to the listed one goes on, and the rest is cut.
  await vi.waitFor(async () => {
    expect((await networks.arrived()).collector).toBeGreaterThan(before.collector + 100)
  }, PATIENT)
  const { tcp4, tcp6, udp4, udp6 } = await networks.arrived()
  expect({ tcp4, tcp6, udp4, udp6 }).toEqual({
    tcp4: before.tcp4,
    tcp6: before.tcp6,
    udp4: before.udp4,
    udp6: before.udp6,
  })
})

holding('a datagram to a unix socket outside is refused before the kernel looks for it', async () => {
  await using networks = await TwoNetworks.start()
  await using cgroup = new TestCgroup()
  await using agent = agentIn(networks, cgroup)
  await using outside = new LineProcess(join(folder, 'routes'), [])
  await using holder = await TestHolder.start()
  const path = join(folder, 'outside.sock')
  expect(await outside.ask(`unix-bind ${path}`)).toBe('sent')
  expect(await agent.ask(`unix-datagram ${path}`)).toBe('sent')
  expect(await holder.apply(cgroup, 'soft-quarantine')).toEqual([])
  expect(await agent.ask(`unix-datagram ${path}`)).toBe('EPERM')
})
