import type { UnixNano } from '@holdfast/model'
import type { PlanStep, ResponsePlan, StepRecord } from '@holdfast/respond'
import { expect, test } from 'vitest'
import { planFacts } from './plan-facts.ts'
import { type KeptPlan, withEvent } from './plan-state.ts'
import { keptPlan, planStep } from './testing/kept-plan.ts'

const CLOSE = planStep({
  id: 'cut/close-channel',
  target: { kind: 'channel', name: 'mail', state: '1' },
  deed: { kind: 'cut', cut: 'close-channel', surface: 'S1', verb: 'sever' },
})

type What = 'confirmed' | 'refused' | 'leaks' | 'unprobed' | 'released' | 'nothing'

let entry = 100

/** A plan of which each step became what is told; a later call stands later in the log. */
function plan(steps: readonly (readonly [PlanStep, What])[], change: Partial<ResponsePlan> = {}): KeptPlan {
  const kept = keptPlan({ steps: steps.map(([step]) => step), ...change }, (entry += 1))
  return steps.flatMap(([step, what]) => recordsOf(step.id, what)).reduce(after, kept)
}

function after(kept: KeptPlan, record: StepRecord): KeptPlan {
  const next = withEvent(kept, kept.hash, {
    deed: { do: 'step', step: record },
    by: undefined,
    at: record.at,
    entry: (entry += 1),
  })
  return next ?? kept
}

function recordsOf(step: string, what: What): readonly StepRecord[] {
  const at = 5n as UnixNano // some time
  const probe = (held: boolean): StepRecord => ({
    kind: 'probed',
    step,
    probes: [{ way: 'tcp', held, detail: 'connect' }],
    at,
  })
  const answered = (status: 'done' | 'failed'): readonly StepRecord[] => [
    { kind: 'requested', step, at },
    { kind: 'answered', step, outcome: { status, detail: status }, at },
  ]
  const taken: readonly StepRecord[] = [
    { kind: 'reverting', step, why: 'over', at },
    { kind: 'reverted', step, outcome: { status: 'done', detail: 'over' }, at },
  ]
  switch (what) {
    case 'confirmed':
      return [...answered('done'), probe(true)]
    case 'refused':
      return [...answered('failed'), ...taken]
    case 'leaks':
      return [...answered('done'), probe(false)]
    case 'unprobed':
      return [...answered('done'), { kind: 'probed', step, probes: [], unable: 'it is away', at }]
    case 'released':
      return [...answered('done'), probe(true), ...taken]
    case 'nothing':
      return []
  }
}

async function facts(...plans: readonly KeptPlan[]): Promise<Readonly<Record<string, unknown>>> {
  const source = planFacts({ list: () => plans.toReversed() })
  const stated = await source({ incident: {} as never, state: undefined }) // the list is of one incident
  return Object.fromEntries(stated.map(({ fact, value }) => [fact, value]))
}

const HOLD = planStep({ id: 'rung' })
const PAUSE = planStep({ id: 'rung', deed: { kind: 'rung', rung: 'pause' } })

test.each(['refused', 'leaks', 'unprobed', 'nothing'] as const)(
  'a cut that %s leaves its way open, however well the others hold',
  async (what) => {
    expect(
      await facts(
        plan([
          [HOLD, 'confirmed'],
          [CLOSE, what],
        ]),
      ),
    ).toEqual({
      'paths-open': 1,
      'channels-open': 1,
    })
  },
)

test('what failed is closed once a later plan had the same deed confirmed, and not by one on another target', async () => {
  const failed = plan([
    [HOLD, 'confirmed'],
    [CLOSE, 'refused'],
  ])
  const other = { ...CLOSE, target: { ...CLOSE.target, name: 'chat' } }
  expect(await facts(failed, plan([[other, 'confirmed']]))).toMatchObject({ 'channels-open': 1 })
  const again = plan([[CLOSE, 'confirmed']])
  expect(await facts(failed, again)).toEqual({ 'paths-open': 0, 'channels-open': 0 })
  const earlier = plan([[CLOSE, 'confirmed']])
  expect(await facts(earlier, plan([[CLOSE, 'leaks']]))).toMatchObject({ 'channels-open': 1 })
})

test('a rung that leaks is made up for by a harder one on the same workload, released by now or not', async () => {
  const leaking = plan([[HOLD, 'leaks']])
  expect(await facts(leaking)).toEqual({ 'paths-open': 1 })
  expect(await facts(leaking, plan([[PAUSE, 'confirmed']]))).toEqual({ 'paths-open': 0 })
  expect(await facts(leaking, plan([[PAUSE, 'released']]))).toEqual({})
  const paused = plan([[PAUSE, 'leaks']])
  expect(await facts(paused, plan([[HOLD, 'confirmed']]))).toEqual({ 'paths-open': 1 })
})

test('a plan that only lies there says nothing', async () => {
  expect(await facts({ ...plan([[CLOSE, 'nothing']]), appliedAt: undefined })).toEqual({})
})
