import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Answer } from '@holdfast/api'
import { OUTSIDE, PORTS, TestCgroup, TwoNetworks } from '@holdfast/sensor/testing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ContainingServer } from '../containment/testing/contained.ts'
import { noSensor } from '../sensor/testing/sensed-cgroup.ts'
import { mailStory } from './testing/answering.ts'
import { planned, sensedIncident, untilState } from './testing/sensed-incident.ts'

/** Servers are started several times, on a machine that has much else to do. */
const LONG = 240_000
const PATIENT = { timeout: 60_000, interval: 50 }

let folder = ''
let holdfast: ContainingServer
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-response-'))
  if (noSensor === '') holdfast = await ContainingServer.start(folder)
}, LONG)
afterEach(async () => {
  await holdfast?.server.stop()
  rmSync(folder, { recursive: true, force: true })
}, LONG)

describe.skipIf(noSensor !== '')(`plans that hold in the kernel ${noSensor}`, () => {
  test(
    'an incident is sealed, planned, approved, held, probed, put into its case, and released',
    async () => {
      await using networks = await TwoNetworks.start()
      await using cgroup = new TestCgroup()
      await using agent = networks.agent(cgroup)
      await agent.ask('count')
      await holdfast.watch(basename(cgroup.path), 'desk-1')
      const { id } = await sensedIncident(holdfast, mailStory(1))
      const plan = await planned(holdfast, id, { rung: 'soft-quarantine' })
      expect(plan.state, plan.words).toBe('confirmed')
      expect(plan.steps.map(({ provider, state }) => [provider, state])).toEqual([['sensor', 'confirmed']])
      // Sealed before anything of the plan was on record.
      expect(plan.seal.size).toBeLessThanOrEqual(plan.history[0]?.entry ?? 0)
      expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)).toBe('EPERM')
      // What it tells is still taken in: the collector stays open.
      expect(plan.steps[0]?.target.parts?.[0]).toContain(new URL(holdfast.server.ready.otlpHttp).port)
      const seen = await holdfast.server.get<Answer<'getCase'>>(`/api/v1/incidents/${id}/case`)
      expect(seen.actions).toMatchObject([{ id: `${plan.hash.slice(0, 16)}/rung`, state: 'confirmed' }])
      const released = await holdfast.server.post<typeof plan>(`/api/v1/plans/${plan.hash}/release`, { reason: 'over' })
      expect(released.state).toBe('released')
      expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)).toBe('connected')
    },
    LONG,
  )

  test(
    'a server that is killed while a plan holds finds it held, and says released once its time is over',
    async () => {
      await using networks = await TwoNetworks.start()
      await using cgroup = new TestCgroup()
      await using agent = networks.agent(cgroup)
      await agent.ask('count')
      await holdfast.watch(basename(cgroup.path), 'desk-1')
      const { id } = await sensedIncident(holdfast, mailStory(1))
      const plan = await planned(holdfast, id, { rung: 'soft-quarantine', ttlMs: 20_000 })
      expect(plan.state, plan.words).toBe('confirmed')
      await holdfast.server.kill()
      expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)).toBe('EPERM')
      await holdfast.startAgain()
      expect((await holdfast.server.get<typeof plan>(`/api/v1/plans/${plan.hash}`)).hash).toBe(plan.hash)
      await holdfast.server.kill()
      // Nobody is there when it ends.
      await vi.waitFor(
        async () => expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)).toBe('connected'),
        PATIENT,
      )
      await holdfast.startAgain()
      const ended = await untilState(holdfast, plan.hash, 'released')
      // The driver that finds it expired and the plan whose time is over race to say so.
      expect(ended.history.map(({ words }) => words).join('; ')).toMatch(/expired|time limit is over/)
    },
    LONG,
  )

  test(
    'a hold that somebody opens on the host is told by its plan',
    async () => {
      await using cgroup = new TestCgroup()
      cgroup.start('/bin/sleep', '600')
      await holdfast.watch(basename(cgroup.path), 'desk-1')
      const { id } = await sensedIncident(holdfast, mailStory(1))
      const plan = await planned(holdfast, id, { rung: 'pause', ttlMs: 600_000 })
      expect(plan.state, plan.words).toBe('confirmed')
      const { items } = await holdfast.server.get<Answer<'listContainments'>>('/api/v1/containments')
      const hold = items.find(({ response }) => response?.plan === plan.hash)
      expect(hold?.response?.step).toBe('rung')
      await holdfast.release({ containment: hold?.containment ?? '' } as typeof hold & object)
      await untilState(holdfast, plan.hash, 'released')
    },
    LONG,
  )
})
