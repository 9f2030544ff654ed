import type { UnixNano } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { at, FREEZE, planStep, responsePlan } from '../testing/plans.ts'
import { carryOut, settle, takeBack } from './carry-out.ts'
import type { StepRecord } from './outcome.ts'
import { dueForRelease, outcomeOf, stepEndsAt, unsettledSteps } from './outcome.ts'
import type { PlanStep, ResponsePlan } from './plan.ts'
import type { EffectProvider } from './provider.ts'

type Nature = 'honest' | 'lies' | 'half' | 'refuses' | 'breaks' | 'cannot-probe'

const NATURES: readonly Nature[] = ['honest', 'lies', 'half', 'refuses', 'breaks', 'cannot-probe']

/** A provider of effects on a world of its own: what is in `inEffect` holds, whatever the provider says. */
class World implements EffectProvider {
  readonly name: string
  readonly inEffect = new Set<string>()
  calls = 0
  readonly #nature: Nature

  constructor(name: string, nature: Nature) {
    this.name = name
    this.#nature = nature
  }

  plan = async (step: PlanStep) => ({ status: 'possible', state: step.target.state, words: step.id }) as const

  apply = async (step: PlanStep) => {
    this.calls += 1
    if (this.#nature === 'breaks') throw new Error('connection reset')
    if (this.#nature === 'refuses') return { status: 'failed', detail: 'access denied' } as const
    if (this.#nature !== 'lies') this.inEffect.add(step.id)
    if (this.#nature === 'half') return { status: 'failed', detail: 'timed out after the first region' } as const
    return { status: 'done', detail: 'done' } as const
  }

  probe = async (step: PlanStep) => {
    if (this.#nature === 'cannot-probe') throw new Error('no route to the probe')
    return [{ way: 'tcp', held: this.inEffect.has(step.id), detail: 'connect' }]
  }

  /** Why each step was taken back. */
  readonly whys: (string | undefined)[] = []

  revert = async (step: PlanStep, _key: string, why?: string) => {
    this.whys.push(why)
    this.inEffect.delete(step.id)
    return { status: 'done', detail: 'taken back' } as const
  }
}

type Run = { readonly plan: ResponsePlan; readonly providers: ReadonlyMap<string, EffectProvider> }

async function run({ plan, providers }: Run) {
  const records: StepRecord[] = []
  let clock = 2_000
  const outcome = await carryOut({
    plan,
    providers,
    record: async (entry) => {
      records.push(entry)
    },
    now: () => at(clock++),
  })
  return { outcome, records }
}

function worlds(sensor: Nature, cloud: Nature) {
  const made = { sensor: new World('sensor', sensor), cloud: new World('cloud', cloud) }
  return { ...made, providers: new Map<string, EffectProvider>(Object.entries(made)) }
}

test('a plan whose providers are honest is confirmed, and each step is on record before it is done', async () => {
  const { outcome, records } = await run({ plan: responsePlan(), providers: worlds('honest', 'honest').providers })
  expect(outcome).toMatchObject({ state: 'confirmed', compensate: [] })
  for (const step of ['hold', 'freeze']) {
    expect(records.filter((each) => each.step === step).map(({ kind }) => kind)).toEqual([
      'requested',
      'answered',
      'probed',
    ])
  }
})

test('a plan that was released is told as released, and who took it back is told why', async () => {
  const plan = responsePlan()
  const { providers, sensor, cloud } = worlds('honest', 'honest')
  const { records, outcome } = await run({ plan, providers })
  expect(outcome.words).toBe('2 of 2 steps confirmed, 0 applied, 0 failed')
  const all = [...records]
  const record = async (entry: StepRecord) => void all.push(entry)
  const work = { plan, providers, now: () => at(9_000), record }
  await takeBack(work, plan.steps.slice(0, 1), { why: 'it is clean' })
  expect(outcomeOf(plan, all).words).toBe('1 of 2 steps confirmed, 0 applied, 0 failed, 1 released')
  await takeBack(work, plan.steps.slice(1), { why: 'it is clean' })
  expect(outcomeOf(plan, all)).toMatchObject({ state: 'released', words: '2 of 2 steps released' })
  expect([...sensor.whys, ...cloud.whys]).toEqual(['it is clean', 'it is clean'])
})

test('a provider that claims a success it did not have is found out by the probe, and the next rung is named', async () => {
  const { outcome } = await run({ plan: responsePlan(), providers: worlds('lies', 'honest').providers })
  expect(outcome.state).toBe('partial')
  expect(outcome.climbTo).toBe('pause')
  expect(outcome.steps[0]).toMatchObject({ state: 'failed', detail: 'got through: tcp (connect)' })
  expect(outcome.steps[1]?.state).toBe('confirmed')
})

test('P4 one of three fails: the others stand, what it did by half is taken back, and the whole is not called done', async () => {
  const { providers, cloud } = worlds('honest', 'half')
  const third = planStep({ id: 'withdraw', provider: 'nobody' })
  const { outcome } = await run({ plan: responsePlan({ steps: [planStep(), FREEZE, third] }), providers })
  expect(outcome.state).toBe('partial')
  expect(outcome.steps.map(({ state }) => state)).toEqual(['confirmed', 'failed', 'failed'])
  expect(outcome.steps[1]?.detail).toBe('timed out after the first region; taken back')
  expect(outcome.steps[2]?.detail).toBe('nobody provides it')
  expect(cloud.inEffect.size).toBe(0)
})

test('P3 what cannot be recorded is not done', async () => {
  const { providers, sensor, cloud } = worlds('honest', 'honest')
  const record = async () => {
    throw new Error('disk full')
  }
  await expect(carryOut({ plan: responsePlan(), providers, record, now: () => at(1) })).rejects.toThrow('disk full')
  expect(sensor.inEffect.size + cloud.inEffect.size).toBe(0)
})

test('P4 whatever providers do, confirmed is said only of what is in effect', async () => {
  const nature = fc.constantFrom(...NATURES)
  await fc.assert(
    fc.asyncProperty(nature, nature, async (first, second) => {
      const { providers, sensor, cloud } = worlds(first, second)
      const plan = responsePlan()
      const { outcome } = await run({ plan, providers })
      const inEffect = new Set([...sensor.inEffect, ...cloud.inEffect])
      for (const { step, state, effect } of outcome.steps) {
        if (state === 'confirmed') expect(inEffect.has(step)).toBe(true)
        if (effect === 'none') expect(inEffect.has(step)).toBe(false)
      }
      expect(outcome.state === 'confirmed').toBe(first === 'honest' && second === 'honest')
    }),
    { numRuns: 500 },
  )
})

test('a clock that is set back between two records changes nothing of what came of it', async () => {
  const { outcome, records } = await run({ plan: responsePlan(), providers: worlds('honest', 'half').providers })
  const setBack = records.map((record, index) => ({ ...record, at: at(9_000 - index) }))
  expect(outcomeOf(responsePlan(), setBack)).toEqual(outcome)
})

test('a step ends with its time, unless it has none or has ended the workload', () => {
  const hour = 3_600_000
  expect(stepEndsAt(planStep({ ttlMs: hour }), at(10))).toBe(at(3_610))
  expect(stepEndsAt(planStep({ ttlMs: 0 }), at(10))).toBeUndefined()
  expect(stepEndsAt(planStep({ ttlMs: hour, deed: { kind: 'rung', rung: 'kill' } }), at(10))).toBeUndefined()
})

test('what is due is released once, a leaking hold too', async () => {
  const plan = responsePlan({ steps: [planStep({ ttlMs: 1_000 }), FREEZE] })
  const { records } = await run({ plan, providers: worlds('lies', 'honest').providers })
  const later = at(2_500)
  expect(dueForRelease(plan, records, at(2_000) as UnixNano)).toEqual([])
  expect(dueForRelease(plan, records, later).map(({ id }) => id)).toEqual(['hold'])
  const released = [
    ...records,
    { kind: 'reverted', step: 'hold', outcome: { status: 'done', detail: 'expired' }, at: later } as const,
  ]
  expect(dueForRelease(plan, released, later)).toEqual([])
})

test('P3 taking back is on record before it is done, too', async () => {
  const { providers, cloud } = worlds('honest', 'half')
  const { records } = await run({ plan: responsePlan(), providers })
  expect(records.filter(({ step }) => step === 'freeze').map(({ kind }) => kind)).toEqual([
    'requested',
    'answered',
    'reverting',
    'reverted',
  ])
  expect(cloud.inEffect.size).toBe(0)
})

test('a probe that cannot be made refutes nothing: no rung is climbed, and a later one confirms', async () => {
  const { outcome, records } = await run({
    plan: responsePlan(),
    providers: worlds('cannot-probe', 'honest').providers,
  })
  expect(outcome.climbTo).toBeUndefined()
  expect(outcome.steps[0]).toMatchObject({
    state: 'failed',
    effect: 'claimed',
    detail: 'nothing could be tried: no route to the probe',
  })
  const held = [{ way: 'tcp', held: true, detail: 'connect' }]
  const later = [...records, { kind: 'probed', step: 'hold', probes: held, at: at(3_000) } as const]
  expect(outcomeOf(responsePlan(), later).state).toBe('confirmed')
})

/** A run that ends after its nth record, as by a kill of the program: what was done stays done. */
async function diedAfter(count: number, natures: readonly [Nature, Nature]) {
  const { providers, sensor, cloud } = worlds(...natures)
  const plan = responsePlan()
  const records: StepRecord[] = []
  let clock = 2_000
  const now = () => at(clock++)
  const record = async (entry: StepRecord) => {
    if (records.length >= count) throw new Error('killed')
    records.push(entry)
  }
  await carryOut({ plan, providers, record, now }).catch((error: unknown) => expect(String(error)).toContain('killed'))
  const after: StepRecord[] = [...records]
  await settle({ plan, providers, now, record: async (entry) => void after.push(entry) }, records)
  return { plan, after, inEffect: new Set([...sensor.inEffect, ...cloud.inEffect]), calls: sensor.calls + cloud.calls }
}

test('wherever the program dies, the next one settles every step that was begun, and does nothing a second time', async () => {
  const nature = fc.constantFrom<Nature>('honest', 'lies', 'half', 'refuses', 'breaks')
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 9 }), nature, nature, async (count, first, second) => {
      const { plan, after, inEffect, calls } = await diedAfter(count, [first, second])
      expect(unsettledSteps(plan, after)).toEqual([])
      expect(calls).toBeLessThanOrEqual(2)
      for (const { step, state, effect } of outcomeOf(plan, after).steps) {
        if (state === 'confirmed') expect(inEffect.has(step)).toBe(true)
        if (effect === 'none') expect(inEffect.has(step)).toBe(false)
      }
    }),
    { numRuns: 500 },
  )
})

test('what cannot be looked at after a crash stays asked for, and is neither done nor forgotten', async () => {
  const { plan, after } = await diedAfter(2, ['cannot-probe', 'cannot-probe'])
  expect(unsettledSteps(plan, after).map(({ step, of }) => [step.id, of])).toEqual([
    ['hold', 'apply'],
    ['freeze', 'apply'],
  ])
  expect(outcomeOf(plan, after).steps.map(({ state, effect }) => [state, effect])).toEqual([
    ['requested', 'unknown'],
    ['requested', 'unknown'],
  ])
})

test('a release that failed is tried again, and then it is released', async () => {
  const { providers } = worlds('honest', 'honest')
  const plan = responsePlan()
  const { records } = await run({ plan, providers })
  const all: StepRecord[] = [...records]
  let clock = 5_000
  const now = () => at(clock++)
  const record = async (entry: StepRecord) => void all.push(entry)
  const { plan: look, apply, probe } = new World('sensor', 'honest')
  const away: EffectProvider = {
    name: 'sensor',
    plan: look,
    apply,
    probe,
    revert: async () => ({ status: 'failed', detail: 'the sensor is away' }),
  }
  await takeBack({ plan, providers: new Map([['sensor', away]]), record, now }, plan.steps.slice(0, 1), {
    why: 'it is over',
    records: all,
  })
  expect(outcomeOf(plan, all).steps[0]).toMatchObject({ state: 'failed', detail: 'not released: the sensor is away' })
  const refused = all.length
  await takeBack({ plan, providers: new Map([['sensor', away]]), record, now }, plan.steps.slice(0, 1), {
    why: 'it is over',
    records: all,
  })
  expect(all).toHaveLength(refused)
  await takeBack({ plan, providers, record, now }, plan.steps.slice(0, 1), { why: 'it is over', records: all })
  expect(outcomeOf(plan, all).steps[0]?.state).toBe('released')
})
