import { expect, test } from 'vitest'
import { isAnswerTo } from './plan-state.ts'
import { keptPlan } from './testing/kept-plan.ts'

const AUTOMATIC = { approval: { kind: 'automatic' }, people: 0 } as const

test('a plan that was to go by itself and was never begun answers nothing, and one that people were asked about does', () => {
  expect(isAnswerTo(keptPlan(AUTOMATIC, 1), 40)).toBe(false)
  expect(isAnswerTo(keptPlan({}, 1), 40)).toBe(true)
  expect(isAnswerTo(keptPlan({}, 1), 41)).toBe(false)
})

test('a plan that was begun answers its judgement, whatever came of it', () => {
  const begun = keptPlan(AUTOMATIC, 1)
  const requested = { kind: 'requested', step: 'rung', at: begun.made.plan.plannedAt, entry: 2 } as const
  expect(isAnswerTo({ ...begun, steps: [requested] }, 40)).toBe(true)
})
