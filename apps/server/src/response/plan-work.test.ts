import type { UnixNano } from '@holdfast/model'
import type { PlanStep, StepRecord } from '@holdfast/respond'
import { expect, test } from 'vitest'
import { withEvent } from './plan-state.ts'
import { actionOf } from './plan-work.ts'
import { keptPlan, planStep } from './testing/kept-plan.ts'

const at = 5n as UnixNano // some time
const FREEZE = planStep({
  id: 'cut/freeze-credential',
  target: { kind: 'identity', name: 'refund-writer', state: '1' },
  deed: { kind: 'cut', cut: 'freeze-credential', surface: 'S3', verb: 'revoke' },
})
const HOLD = planStep({ id: 'rung', deed: { kind: 'rung', rung: 'soft-quarantine' } })
const EDGE = planStep({
  id: 'edge/mail',
  target: { kind: 'edge', name: 'mail', state: '1' },
  deed: { kind: 'cut', cut: 'cut-edge', surface: 'S4', verb: 'sever' },
})

/** The action of a step that its provider says it did. */
function applied(step: PlanStep, row = 13) {
  const records: readonly StepRecord[] = [
    { kind: 'requested', step: step.id, at },
    { kind: 'answered', step: step.id, outcome: { status: 'done', detail: 'done' }, at },
  ]
  const kept = records.reduce(
    (before, record, entry) =>
      withEvent(before, before.hash, { deed: { do: 'step', step: record }, by: undefined, at, entry }) ?? before,
    keptPlan({ steps: [step], row }, 1),
  )
  return actionOf(kept, { kind: 'requested', step: step.id, at })
}

test('a cut stands in the case with the family that it is of, so that facts about authority find it', () => {
  expect(applied(FREEZE)).toMatchObject({ family: 'authority', state: 'applied' })
})

test('a rung has no family, and neither has an edge', () => {
  expect(applied(HOLD)).toMatchObject({ rung: 'soft-quarantine' })
  expect(applied(HOLD)).not.toHaveProperty('family')
  expect(applied(EDGE)).not.toHaveProperty('family')
})

test('where the row asks to restrict and no workload is held, the cut of the one thing that fired is the rung', () => {
  const item = planStep({
    id: 'cut/quarantine-item',
    target: { kind: 'document', name: 'guideline-9', state: '1' },
    deed: { kind: 'cut', cut: 'quarantine-item', surface: 'S1', verb: 'sever' },
  })
  expect(applied(item, 12)).toMatchObject({ rung: 'restrict', family: 'context' })
  expect(applied(item, 13)).not.toHaveProperty('rung')
  expect(applied(FREEZE, 12)).not.toHaveProperty('rung')
})
