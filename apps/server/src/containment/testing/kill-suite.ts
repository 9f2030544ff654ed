import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { OUTSIDE, PORTS, TestCgroup, TwoNetworks, type Arrived } from '@holdfast/sensor/testing'
import { expect, test, vi } from 'vitest'
import { noSensor } from '../../sensor/testing/sensed-cgroup.ts'
import { ContainingServer } from './contained.ts'
import { killAll } from './kill-all.ts'

const HELD_WAYS = ['tcp4', 'tcp6', 'udp4', 'udp6'] as const
const COLLECTOR = { address: OUTSIDE.four, prefix: 32, port: PORTS.collector, protocol: 'tcp' }
/** Whom one round kills: each alone, then all at once. */
const VICTIMS = [['loader'], ['driver'], ['server'], ['server', 'driver', 'loader']] as const

/** Kills what holds, again and again, while it holds; the short and the long suite differ in the number of rounds alone. */
export function testKills({ rounds, timeout }: { readonly rounds: number; readonly timeout?: number }): void {
  const limits = timeout === undefined ? {} : { timeout }
  const title = `${rounds} kills of loader, driver and server let no byte of a quarantined agent through`
  test.skipIf(noSensor !== '')(`${title} ${noSensor}`, limits, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-kills-'))
    try {
      await killWhileHeld(folder, rounds)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
}

async function killWhileHeld(folder: string, rounds: number): Promise<void> {
  await using networks = await TwoNetworks.start()
  await using cgroup = new TestCgroup()
  await using agent = networks.agent(cgroup)
  await using holdfast = await ContainingServer.start(folder)
  const path = basename(cgroup.path)
  await agent.ask('talk')
  await holdfast.watch(path, 'builder')
  await until(networks, (now) => HELD_WAYS.every((way) => now[way] > 10))
  const held = await holdfast.apply('builder', 'soft-quarantine', { ttlMs: 0, allow: [COLLECTOR] })
  expect(held.state, held.detail).toBe('confirmed')
  const before = await networks.arrived()
  for (let round = 0; round < rounds; round += 1) {
    const victims = VICTIMS[round % VICTIMS.length] ?? []
    const { start } = await holdfast.connected(path)
    await killAll(holdfast, victims)
    const { collector } = await networks.arrived()
    expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)).toBe('EPERM')
    expect(await agent.ask(`connect ${OUTSIDE.six}:${PORTS.data}`)).toBe('EPERM')
    // The agent lives and speaks on, to the one that it may speak to.
    await until(networks, (now) => now.collector > collector + 50)
    if (victims.some((one) => one === 'server')) await holdfast.startAgain()
    await vi.waitFor(
      async () => {
        const isSame = (await holdfast.connected(path)).start === start
        // A driver ends with its loader, and another one takes its place.
        expect(isSame).toBe(victims.length === 1 && victims[0] === 'server')
      },
      { timeout: 60_000, interval: 100 },
    )
    expectNothing(await networks.arrived(), before)
  }
  expect((await holdfast.found(held)).state).toBe('confirmed')
  const tried = await holdfast.confirm(held)
  expect(tried.state, tried.detail).toBe('confirmed')
  expectNothing(await networks.arrived(), before)
  expect((await holdfast.release(held)).state).toBe('released')
  expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)).toBe('connected')
  await until(networks, (now) => now.udp4 > before.udp4 && now.udp6 > before.udp6)
}

function expectNothing(now: Arrived, before: Arrived): void {
  for (const way of HELD_WAYS) expect({ way, bytes: now[way] }).toEqual({ way, bytes: before[way] })
}

async function until(networks: TwoNetworks, is: (now: Arrived) => boolean): Promise<void> {
  await vi.waitFor(async () => expect(is(await networks.arrived())).toBe(true), { timeout: 60_000, interval: 10 })
}
