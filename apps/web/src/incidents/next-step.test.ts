import type { CaseWire } from '@holdfast/api'
import { expect, test } from 'vitest'
import { nextStep, stepOf } from './next-step.ts'

const type = 'reasoning-compromise'
const cell = (phase: 'detect' | 'analyze', status: CaseWire['matrix'][number]['status']) =>
  ({ type, phase, status }) as const
const bare: Pick<CaseWire, 'incident' | 'phases'> = { incident: 'inc-1', phases: [] }

test('where no case is open, every cell leads there, and so does the next step', () => {
  expect(nextStep(bare)).toBe('incidents open inc-1')
  expect(stepOf(cell('analyze', 'not-open'), bare)).toBe('incidents open inc-1')
})

test('a phase is opened, then closed, and one that was opened again is closed again', () => {
  const at = { ...bare, opened: '1', type } as const
  const steps = (['not-open', 'open', 'reopened'] as const).map((status) => stepOf(cell('analyze', status), at))
  expect(steps).toEqual([
    'incidents runbook inc-1 --open analyze',
    'incidents runbook inc-1 --close analyze',
    'incidents runbook inc-1 --close analyze',
  ])
})

test('a cell of a type that is not in force leads to naming that type, and a case without a type to naming one', () => {
  const at = { ...bare, opened: '1' } as const
  expect(stepOf(cell('detect', 'not-open'), { ...at, type: 'runtime-execution-escape' })).toBe(
    `incidents classify inc-1 --type ${type} --reason TEXT`,
  )
  expect(nextStep(at)).toBe('incidents classify inc-1 --type TYPE --reason TEXT')
})
