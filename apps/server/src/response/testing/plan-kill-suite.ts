import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import type { ResponsePlanWire } from '@holdfast/api'
import { LogReader } from '@holdfast/recorder'
import { OUTSIDE, PORTS, TestCgroup, TwoNetworks, type Arrived } from '@holdfast/sensor/testing'
import { expect, test, vi } from 'vitest'
import { ContainingServer } from '../../containment/testing/contained.ts'
import { noSensor } from '../../sensor/testing/sensed-cgroup.ts'
import { runSeed, seededRandom } from '../../testing/seeded-random.ts'
import { planDeed } from '../plan-record.ts'
import { mailStory } from './answering.ts'
import { sensedIncident, untilState } from './sensed-incident.ts'

type Agent = ReturnType<TwoNetworks['agent']>
/** How far the plan was on record when the server died. */
type Stage = 'not begun' | 'requested' | 'applied' | 'confirmed'

const WAYS = ['tcp4', 'tcp6', 'udp4', 'udp6'] as const
/** A kill comes at a random instant after one of these, so that none of them is missed. */
const KILLED_AT = ['not begun', 'requested', 'applied', 'confirmed'] as const
const AFTERWARDS_MS = 100
/** Under load a server takes minutes to start; what is waited for has no haste. */
const PATIENT = { timeout: 900_000, interval: 50 }
/** A hold of these rounds ends by its time limit, with no server there. */
const ENDS_BY_ITSELF_EVERY = 10
const SHORT_TTL_MS = 20_000

/**
 * Kills the server at a random instant while a plan of an incident holds an agent: whatever the kernel held stays held until the
 * next server says what became of the plan, and what that one says is what the agent finds.
 */
export function testPlanKills({ rounds, timeout }: { readonly rounds: number; readonly timeout?: number }): void {
  const limits = timeout === undefined ? {} : { timeout }
  const title = `${rounds} kills while a plan is requested, applied or confirmed leave the quarantine as the plan says`
  test.skipIf(noSensor !== '')(`${title} ${noSensor}`, limits, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-plan-kills-'))
    try {
      const stages = await killWhilePlanned(folder, rounds)
      process.stdout.write(`killed: ${[...stages].map(([stage, count]) => `${count} ${stage}`).join(', ')}\n`)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
}

async function killWhilePlanned(folder: string, rounds: number): Promise<ReadonlyMap<Stage, number>> {
  const random = seededRandom(runSeed('plan kills'))
  await using networks = await TwoNetworks.start()
  await using cgroup = new TestCgroup()
  await using agent = networks.agent(cgroup)
  await using holdfast = await ContainingServer.start(folder)
  await agent.ask('talk')
  await holdfast.watch(basename(cgroup.path), 'desk-1')
  const { id } = await sensedIncident(holdfast, mailStory(1))
  const stages = new Map<Stage, number>()
  for (let round = 0; round < rounds; round += 1) {
    const endsByItself = round % ENDS_BY_ITSELF_EVERY === ENDS_BY_ITSELF_EVERY - 1
    await holdfast.connected(basename(cgroup.path))
    const { hash } = await approved(holdfast, id, endsByItself ? SHORT_TTL_MS : 600_000)
    // It may die before it answers.
    const applying = holdfast.server.post(`/api/v1/plans/${hash}/apply`, {}).catch(() => undefined)
    await untilStep(holdfast, hash, KILLED_AT[round % KILLED_AT.length])
    await after(random() * AFTERWARDS_MS)
    await holdfast.server.kill()
    await applying
    const stage = stageOf(folder, hash)
    stages.set(stage, (stages.get(stage) ?? 0) + 1)
    const isHeld = await isCut(agent)
    if (stage === 'applied' || stage === 'confirmed') expect({ round, stage, isHeld }).toMatchObject({ isHeld: true })
    const before = await networks.arrived()
    await holdfast.startAgain()
    const plan = await settled(holdfast, hash, async () => {
      if (isHeld) expect({ round, stage, isHeld: await isCut(agent) }).toMatchObject({ isHeld: true })
    })
    // What the plan says is what the agent finds.
    expect({ round, stage, isHeld: await isCut(agent) }).toEqual({ round, stage, isHeld: plan.state === 'confirmed' })
    if (isHeld) {
      expect({ round, stage, state: plan.state }).toEqual({ round, stage, state: 'confirmed' })
      expectNothing(await networks.arrived(), before)
    }
    if (plan.state !== 'confirmed') continue
    if (endsByItself) await endWithoutServer(holdfast, agent)
    else {
      // What is known of the hold is on record; who lets go of it has to be there again.
      await holdfast.connected(basename(cgroup.path))
      await holdfast.server.post(`/api/v1/plans/${hash}/release`, { reason: 'over' })
    }
    await untilState(holdfast, hash, 'released')
    expect({ round, isHeld: await isCut(agent) }).toEqual({ round, isHeld: false })
  }
  return stages
}

/** A plan that somebody said yes to. Where the incident was judged again meanwhile, another one. */
async function approved(holdfast: ContainingServer, incident: string, ttlMs: number): Promise<ResponsePlanWire> {
  const { server } = holdfast
  return await vi.waitFor(async () => {
    const made = await server.post<ResponsePlanWire>(`/api/v1/incidents/${incident}/plans`, {
      rung: 'soft-quarantine',
      ttlMs,
    })
    const [role] = made.approval.roles
    return await server.post<ResponsePlanWire>(`/api/v1/plans/${made.hash}/approve`, { role })
  }, PATIENT)
}

/** Looks as often as it can: a step is in one of its states for some milliseconds. */
async function untilStep({ server }: ContainingServer, hash: string, state: Stage | undefined): Promise<void> {
  if (state === undefined || state === 'not begun') return
  await vi.waitFor(
    async () => {
      const { steps } = await server.get<ResponsePlanWire>(`/api/v1/plans/${hash}`)
      const reached = ['requested', 'applied', 'confirmed'].indexOf(steps[0]?.state ?? '')
      expect(reached).toBeGreaterThanOrEqual(['requested', 'applied', 'confirmed'].indexOf(state))
    },
    { ...PATIENT, interval: 1 },
  )
}

/** Nobody is there when its time is over; the next server finds it so. */
async function endWithoutServer(holdfast: ContainingServer, agent: Agent): Promise<void> {
  await holdfast.server.kill()
  await vi.waitFor(async () => expect(await isCut(agent)).toBe(false), PATIENT)
  await holdfast.startAgain()
}

/** Looks at the plan until nothing of it is under way any more, and does `meanwhile` before each look. */
async function settled(
  holdfast: ContainingServer,
  hash: string,
  meanwhile: () => Promise<void>,
): Promise<ResponsePlanWire> {
  return await vi.waitFor(async () => {
    const plan = await holdfast.server.get<ResponsePlanWire>(`/api/v1/plans/${hash}`)
    await meanwhile()
    if (plan.state === 'under-way' || plan.steps.some(({ effect }) => effect === 'claimed' || effect === 'unknown'))
      throw new Error(`it is ${plan.state}: ${plan.words}`)
    return plan
  }, PATIENT)
}

function stageOf(folder: string, hash: string): Stage {
  using reader = LogReader.open({ folder })
  const steps = reader.controls('response-plan').flatMap(({ record }) => {
    if (record.plan !== hash) return []
    const deed = planDeed(record)
    return deed.do === 'step' ? [deed.step.kind] : []
  })
  if (steps.includes('probed')) return 'confirmed'
  if (steps.includes('answered')) return 'applied'
  return steps.includes('requested') ? 'requested' : 'not begun'
}

async function isCut(agent: Agent): Promise<boolean> {
  return (await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)) !== 'connected'
}

function expectNothing(now: Arrived, before: Arrived): void {
  for (const way of WAYS) expect({ way, bytes: now[way] }).toEqual({ way, bytes: before[way] })
}
