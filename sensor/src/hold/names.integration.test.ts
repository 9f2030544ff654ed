import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test, vi } from 'vitest'
import { FIELD_TAG, RECORD_OFFSET, RECORD_TYPE, WATCH_FLAG } from '../loader/record-layout.ts'
import { addressIn, endOf, fieldOf, number64 } from '../record-layout.ts'
import { whyNoKernel } from '../testing/root.ts'
import { TestCgroup } from '../testing/test-cgroup.ts'
import { TestHolder } from '../testing/test-holder.ts'
import { LineProcess, OUTSIDE, PORTS, TwoNetworks } from '../testing/two-networks.ts'
import type { Resolve } from './allowed-names.ts'

const holding = test.skipIf(whyNoKernel() !== undefined)
const PATIENT = { timeout: 30_000, interval: 20 }
const NAME = 'api.example.com'
const MOVED = '10.213.7.3'
const RESOLVER = { address: OUTSIDE.four, prefix: 32, port: 53, protocol: 'udp' } as const
const ALLOW = [RESOLVER, { name: NAME, port: PORTS.data, protocol: 'tcp' }] as const
const nobody: Resolve = () => Promise.reject(new Error('no resolver on this host'))

const closing: LineProcess[] = []
afterEach(async () => {
  for (const one of closing.splice(0)) await one.end()
})

/** A DNS server in one of the namespaces, and a second address for what moves. */
function serverIn(namespace: string, address: string): LineProcess {
  const program = fileURLToPath(new URL('../testing/dns-server.ts', import.meta.url))
  const words = [`--net=/run/netns/${namespace}`, process.execPath, program, address, '53']
  const server = new LineProcess('/usr/bin/nsenter', words)
  closing.push(server)
  return server
}

function addMoved(networks: TwoNetworks): void {
  const cable = networks.interface.replace(/a$/, 'b')
  execFileSync('/sbin/ip', ['-n', networks.outside, 'addr', 'add', `${MOVED}/24`, 'dev', cable])
}

/** As a driver has it: DNS answers that the kernel saw are learned from. */
async function startHolder(resolve: Resolve): Promise<TestHolder> {
  const to: { holder?: TestHolder } = {}
  to.holder = await TestHolder.start({
    names: { resolve, floorMs: 200 },
    onRecords: async (bytes) => {
      let at = 0
      for (let end = endOf(bytes, at); end !== undefined; end = endOf(bytes, at)) {
        const isDns = bytes.readUInt16LE(at) === RECORD_TYPE.dns && bytes.readUInt32LE(at + RECORD_OFFSET.numbers) === 1
        const [message, remote] = [fieldOf(bytes, at, FIELD_TAG.dns), fieldOf(bytes, at, FIELD_TAG.remote)]
        const server = remote === undefined ? undefined : addressIn(remote)
        if (isDns && message !== undefined && server !== undefined)
          void to.holder?.holder.learn(number64(bytes, at + RECORD_OFFSET.cgroup), message, server)
        at = end
      }
    },
  })
  return to.holder
}

holding('a name is reachable where the allowed resolver says it is, and follows it to another address', async () => {
  await using networks = await TwoNetworks.start()
  await using cgroup = new TestCgroup()
  await using agent = networks.agent(cgroup)
  await using holder = await startHolder(nobody)
  addMoved(networks)
  const dns = serverIn(networks.outside, OUTSIDE.four)
  await dns.ask(`${NAME} ${OUTSIDE.four} 0`)
  await holder.loader.send('watch', cgroup.id, WATCH_FLAG.descend)
  expect(await holder.apply(cgroup, 'restrict', ALLOW)).toEqual([])
  expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)).toBe('EPERM')
  expect(await agent.ask(`resolve ${NAME} ${OUTSIDE.four}`)).toBe(OUTSIDE.four)
  await vi.waitFor(async () => {
    expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)).toBe('connected')
  }, PATIENT)
  expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.collector}`)).toBe('EPERM')
  await dns.ask(`${NAME} ${MOVED} 1`)
  expect(await agent.ask(`resolve ${NAME} ${OUTSIDE.four}`)).toBe(MOVED)
  await vi.waitFor(async () => {
    // Nobody listens there: it is the peer that refuses, and not the hold.
    expect(await agent.ask(`connect ${MOVED}:${PORTS.data}`)).toBe('ECONNREFUSED')
  }, PATIENT)
  await vi.waitFor(async () => {
    await holder.holder.tick()
    expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)).toBe('EPERM')
  }, PATIENT)
})

holding('who answers without being on the list is not believed, the held agent least', async () => {
  await using networks = await TwoNetworks.start()
  await using cgroup = new TestCgroup()
  await using agent = networks.agent(cgroup)
  await using holder = await startHolder(nobody)
  const liar = serverIn(networks.inside, '127.0.0.1')
  await liar.ask(`${NAME} ${OUTSIDE.four} 60`)
  const honest = serverIn(networks.outside, OUTSIDE.four)
  await honest.ask(`${NAME} ${MOVED} 60`)
  await holder.loader.send('watch', cgroup.id, WATCH_FLAG.descend)
  expect(await holder.apply(cgroup, 'restrict', ALLOW)).toEqual([])
  expect(await agent.ask(`resolve ${NAME} 127.0.0.1`)).toBe(OUTSIDE.four)
  // Once the answer after it was learned from, the first one would have been.
  expect(await agent.ask(`resolve ${NAME} ${OUTSIDE.four}`)).toBe(MOVED)
  await vi.waitFor(() => {
    expect(holder.standings.list()[0]?.names?.learned).toEqual([`${MOVED}|${PORTS.data}|tcp`])
  }, PATIENT)
  expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)).toBe('EPERM')
})

holding('what this host resolves is let in from the first moment, and again when it moves', async () => {
  await using networks = await TwoNetworks.start()
  await using cgroup = new TestCgroup()
  await using agent = networks.agent(cgroup)
  const now = { address: OUTSIDE.four as string }
  await using holder = await startHolder(() => Promise.resolve([{ address: now.address, ttl: 0 }]))
  addMoved(networks)
  expect(await holder.apply(cgroup, 'restrict', ALLOW)).toEqual([])
  expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)).toBe('connected')
  now.address = MOVED
  await vi.waitFor(async () => {
    await holder.holder.tick()
    expect(await agent.ask(`connect ${MOVED}:${PORTS.data}`)).toBe('ECONNREFUSED')
    expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)).toBe('EPERM')
  }, PATIENT)
})
