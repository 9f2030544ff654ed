import { expect, test } from 'vitest'
import { isAnswerTo, isTakenBack, withEvent } from './plan-state.ts'
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

test('what a person has released is not held again for the same type and the same evidence', () => {
  const held = keptPlan({}, 50)
  const at = held.made.plan.plannedAt
  const deed = { do: 'releasing', reason: 'it is clean' } as const
  const byHand = withEvent(held, held.hash, { deed, by: 'anna', at, entry: 70 }) ?? held
  const byTime = withEvent(held, held.hash, { deed, by: undefined, at, entry: 70 }) ?? held
  const same = { type: held.made.plan.type, lastEntry: 69 }
  expect([held, byTime, byHand].map((kept) => isTakenBack(kept, same))).toEqual([false, false, true])
  expect(isTakenBack(byHand, { ...same, lastEntry: 71 })).toBe(false)
  expect(isTakenBack(byHand, { ...same, type: 'runtime-execution-escape' })).toBe(false)
})
