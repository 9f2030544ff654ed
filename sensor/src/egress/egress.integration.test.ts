import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Allowed } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { whyNoKernel } from '../testing/root.ts'
import { TestCgroup } from '../testing/test-cgroup.ts'
import { TestGovernor } from '../testing/test-governor.ts'
import { OUTSIDE, PORTS, TwoNetworks, type LineProcess } from '../testing/two-networks.ts'

const governing = test.skipIf(whyNoKernel() !== undefined)
const CONNECT = 1
const tcp = (address: string, port: number): Allowed => ({
  address,
  prefix: address.includes(':') ? 128 : 32,
  port,
  protocol: 'tcp',
})
const DATA = `${OUTSIDE.four}:${PORTS.data}`
const DATA6 = `${OUTSIDE.six}:${PORTS.data}`
const COLLECTOR = `${OUTSIDE.four}:${PORTS.collector}`

governing('two agents on one machine are each let to their own destinations, at the same time', async () => {
  await using networks = await TwoNetworks.start()
  await using governor = await TestGovernor.start()
  await using one = new TestCgroup()
  await using other = new TestCgroup()
  const first = await governor.govern(one, [tcp(OUTSIDE.four, PORTS.data), tcp(OUTSIDE.six, PORTS.data)])
  const second = await governor.govern(other, [tcp(OUTSIDE.four, PORTS.collector)])
  await using a = networks.agent(one)
  await using b = networks.agent(other)
  const tried = Promise.all([tryAll(a), tryAll(b)])
  expect(await tried).toEqual([
    ['connected', 'connected', 'EPERM'],
    ['EPERM', 'EPERM', 'connected'],
  ])
  expect(await b.ask(`datagram ${DATA}`)).toBe('EPERM')
  await until(() => governor.told.length >= 4)
  const told = governor.told.map(({ artifact, remote, mode, pid, protocol, count, what }) =>
    [artifact === first ? 'first' : artifact === second ? 'second' : '', remote, mode, pid, protocol, count, what].join(
      ' ',
    ),
  )
  expect(told.toSorted()).toEqual(
    [
      `first ${COLLECTOR} enforce ${a.child.pid} 6 1 ${CONNECT}`,
      `second ${DATA} enforce ${b.child.pid} 17 1 2`,
      `second ${DATA} enforce ${b.child.pid} 6 1 ${CONNECT}`,
      `second fd21:3700:0:0:0:0:0:2:${PORTS.data} enforce ${b.child.pid} 6 1 ${CONNECT}`,
    ].toSorted(),
  )
})

governing('a list that monitors, or is over its time, refuses nothing and tells what it would have', async () => {
  await using networks = await TwoNetworks.start()
  await using governor = await TestGovernor.start()
  await using cgroup = new TestCgroup()
  await governor.govern(cgroup, [], { mode: 'monitor' })
  await using agent = networks.agent(cgroup)
  expect(await agent.ask(`connect ${DATA}`)).toBe('connected')
  await until(() => governor.told.length >= 1)
  expect(governor.told).toMatchObject([{ mode: 'monitor', remote: DATA, count: 1, pid: agent.child.pid }])
  await governor.govern(cgroup, [], { mode: 'enforce', validUntil: '2001-01-01T00:00:00Z' })
  expect(await agent.ask(`connect ${COLLECTOR}`)).toBe('connected')
  await until(() => governor.told.length >= 2)
  expect(governor.told[1]).toMatchObject({ mode: 'monitor', remote: COLLECTOR })
  await governor.govern(cgroup, [], { mode: 'enforce' })
  expect(await agent.ask(`connect ${COLLECTOR}`)).toBe('EPERM')
})

governing('an agent reaches itself on loopback, and who else listens there only by name', async () => {
  await using governor = await TestGovernor.start()
  await using networks = await TwoNetworks.start()
  await using cgroup = new TestCgroup()
  await using elsewhere = new TestCgroup()
  await governor.govern(cgroup, [])
  await using agent = networks.agent(cgroup)
  await using neighbour = networks.agent(elsewhere)
  const [own, others] = [await agent.ask('listen'), await neighbour.ask('listen')]
  expect(await agent.ask(`connect 127.0.0.1:${own}`)).toBe('connected')
  expect(await agent.ask(`connect 0.0.0.0:${own}`)).toBe('connected')
  expect(await agent.ask(`connect ::ffff:127.0.0.1:${own}`)).toBe('connected')
  expect(await agent.ask(`connect 127.0.0.1:${others}`)).toBe('EPERM')
  await governor.govern(cgroup, [tcp('127.0.0.1', Number(others))])
  expect(await agent.ask(`connect 127.0.0.1:${others}`)).toBe('connected')
})

governing('what is taken off a list is off it, though its artifact is the same', async () => {
  await using networks = await TwoNetworks.start()
  await using governor = await TestGovernor.start()
  await using cgroup = new TestCgroup()
  const [data, collector] = [tcp(OUTSIDE.four, PORTS.data), tcp(OUTSIDE.four, PORTS.collector)]
  const artifact = await governor.govern(cgroup, [data, collector])
  await using agent = networks.agent(cgroup)
  expect(await agent.ask(`connect ${COLLECTOR}`)).toBe('connected')
  await governor.govern(cgroup, [data], { artifact })
  expect([await agent.ask(`connect ${COLLECTOR}`), await agent.ask(`connect ${DATA}`)]).toEqual(['EPERM', 'connected'])
})

governing(
  'a list outlives loaders that are killed, a hold decides alone while it stands, and the next driver takes both up',
  async () => {
    await using networks = await TwoNetworks.start()
    await using governor = await TestGovernor.start()
    await using cgroup = new TestCgroup()
    const artifact = await governor.govern(cgroup, [tcp(OUTSIDE.four, PORTS.data)])
    await using agent = networks.agent(cgroup)
    expect(await agent.ask(`connect ${COLLECTOR}`)).toBe('EPERM')
    if (governor.loader.pid !== undefined) process.kill(governor.loader.pid, 'SIGKILL')
    await governor.loader.ended
    expect([await agent.ask(`connect ${COLLECTOR}`), await agent.ask(`connect ${DATA}`)]).toEqual([
      'EPERM',
      'connected',
    ])
    await governor.restart()
    await governor.govern(cgroup, [tcp(OUTSIDE.four, PORTS.data)], { artifact })
    expect([await agent.ask(`connect ${COLLECTOR}`), await agent.ask(`connect ${DATA}`)]).toEqual([
      'EPERM',
      'connected',
    ])
    // One was counted while nobody was there to tell it.
    await until(() => governor.told.reduce((sum, { count }) => sum + count, 0) >= 3)
    await governor.loader.send('allow', 9, 4, `${OUTSIDE.four}/32`, PORTS.collector, 'tcp')
    await governor.loader.send('hold', cgroup.id, 'quarantine', 0, 9)
    expect([await agent.ask(`connect ${COLLECTOR}`), await agent.ask(`connect ${DATA}`)]).toEqual([
      'connected',
      'EPERM',
    ])
    await governor.loader.send('release', cgroup.id)
    expect([await agent.ask(`connect ${COLLECTOR}`), await agent.ask(`connect ${DATA}`)]).toEqual([
      'EPERM',
      'connected',
    ])
  },
)

governing('who leaves the cgroup stays governed, and what is gone with all its processes is forgotten', async () => {
  await using networks = await TwoNetworks.start()
  await using governor = await TestGovernor.start()
  await using outside = new TestCgroup()
  const cgroup = new TestCgroup()
  await governor.govern(cgroup, [tcp(OUTSIDE.four, PORTS.data)])
  const agent = networks.agent(cgroup)
  await agent.ask(`connect ${DATA}`)
  writeFileSync(join(outside.path, 'cgroup.procs'), String(agent.child.pid))
  expect(await agent.ask(`connect ${COLLECTOR}`)).toBe('EPERM')
  await cgroup[Symbol.asyncDispose]()
  await until(
    async () => ((await governor.loader.send('policies')).more['policies'] as readonly unknown[]).length === 1,
  )
  expect(await agent.ask(`connect ${COLLECTOR}`)).toBe('EPERM')
  await agent.end()
  await until(
    async () => ((await governor.loader.send('policies')).more['policies'] as readonly unknown[]).length === 0,
  )
  expect([governor.dump('allowed'), governor.dump('governed')]).toEqual([[], []])
})

governing(
  'whatever list is put on is in the kernel as it was given, beside that of another, and gone with its own',
  async () => {
    await using governor = await TestGovernor.start()
    await using cgroup = new TestCgroup()
    await using other = new TestCgroup()
    await governor.govern(other, [tcp(OUTSIDE.four, PORTS.data)])
    const before = JSON.stringify(governor.dump('allowed'))
    const entry = fc.record({
      address: fc.oneof(fc.ipV4(), fc.ipV6()),
      prefix: fc.integer({ min: 0, max: 32 }),
      port: fc.integer({ min: 0, max: 65_535 }),
      protocol: fc.constantFrom('tcp' as const, 'udp' as const),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 40 }), async (allow) => {
        await governor.govern(cgroup, allow)
        expect(new Set(listed(governor))).toEqual(new Set([tcp(OUTSIDE.four, PORTS.data), ...allow].map(keyOf)))
      }),
      { numRuns: 15 },
    )
    await governor.letGo(cgroup)
    expect(JSON.stringify(governor.dump('allowed'))).toBe(before)
  },
)

governing('a list of a thousand holds under load, through the death of its loader', async () => {
  await using governor = await TestGovernor.start()
  await using cgroup = new TestCgroup()
  const many = Array.from({ length: 1_000 }, (_, i): Allowed => tcp(`198.18.${i >> 8}.${i & 255}`, 443))
  await governor.govern(cgroup, many)
  const tries = 'for i in $(seq 200); do (exec 3<>/dev/tcp/127.0.0.1/9) 2>&1 | grep -q permitted && echo refused; done'
  const load = cgroup.run('/bin/bash', '-c', tries)
  if (governor.loader.pid !== undefined) process.kill(governor.loader.pid, 'SIGKILL')
  await governor.loader.ended
  await governor.restart()
  await governor.loader.send('watch', cgroup.id, 4)
  const { output } = await load
  expect(output.trim().split('\n')).toEqual(Array.from({ length: 200 }, () => 'refused'))
  await governor.loader.send('unwatch', cgroup.id)
  await governor.loader.send('sync')
  // Each of them is told once, by one loader or the other.
  await until(() => governor.told.reduce((sum, { count }) => sum + count, 0) >= 200)
  expect(governor.told.reduce((sum, { count }) => sum + count, 0)).toBe(200)
})

governing('names stand for what the resolver says, from the first moment', async () => {
  const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = address === null || typeof address === 'string' ? 0 : address.port
  const answers = { resolve: () => Promise.resolve([{ address: '127.0.0.1', ttl: 60 }]) }
  await using governor = await TestGovernor.start(answers)
  await using cgroup = new TestCgroup()
  await governor.govern(cgroup, [{ name: 'api.example.test', port, protocol: 'tcp' }])
  const reached = await cgroup.run('/bin/bash', '-c', `exec 3<>/dev/tcp/127.0.0.1/${port} && echo reached`)
  expect(reached.output).toContain('reached')
  server.close()
})

/** A key of the kernel's map as text: bits of the address in its family, and the rest. */
type Key = {
  readonly bits: number
  readonly port: number
  readonly protocol: number
  readonly address: readonly number[]
}

function listed(governor: TestGovernor): readonly string[] {
  const rows = governor.dump('allowed') as readonly { readonly formatted: { readonly key: Key } }[] // as bpftool shows it
  return rows.map(({ formatted: { key } }) => keyText(key.bits - 64, Buffer.from(key.address), key.port, key.protocol))
}

/** An allow entry as the map is to hold it. */
function keyOf(one: Allowed): string {
  if (!('address' in one)) throw new Error('an address was to be listed')
  const isFour = !one.address.includes(':')
  const bytes = isFour
    ? Buffer.from([...Array<number>(10).fill(0), 255, 255, ...one.address.split('.').map(Number)])
    : v6(one.address)
  return keyText((isFour ? 96 : 0) + one.prefix, bytes, one.port, one.protocol === 'tcp' ? 6 : 17)
}

/** The kernel tells entries apart by the bits of their prefix alone: two that differ behind it are one. */
function keyText(bits: number, address: Buffer, port: number, protocol: number): string {
  const network = Buffer.from(address.map((byte, at) => byte & (0xff00 >> Math.min(8, Math.max(0, bits - at * 8)))))
  return [bits, network.toString('hex'), port, protocol].join(' ')
}

function v6(address: string): Buffer {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  const text =
    dotted === null
      ? address
      : `${dotted[1]}${((Number(dotted[2]) << 8) | Number(dotted[3])).toString(16)}:${((Number(dotted[4]) << 8) | Number(dotted[5])).toString(16)}`
  const [head = '', tail] = text.split('::')
  const groups = (part: string): readonly number[] =>
    part === '' ? [] : part.split(':').map((one) => Number.parseInt(one, 16))
  const [first, last] = [groups(head), tail === undefined ? [] : groups(tail)]
  const words =
    tail === undefined ? first : [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last]
  return Buffer.from(words.flatMap((word) => [word >> 8, word & 255]))
}

async function tryAll(agent: LineProcess): Promise<readonly string[]> {
  const said: string[] = []
  for (const to of [DATA, DATA6, COLLECTOR]) said.push(await agent.ask(`connect ${to}`))
  return said
}

async function until(is: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await is())) await new Promise((resolve) => setTimeout(resolve, 10))
}
