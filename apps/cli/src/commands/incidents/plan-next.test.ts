import { wordsAs } from '../../called-as.ts'
import type { ResponsePlanWire } from '@holdfast/api'
import { expect, test } from 'vitest'
import { planNext } from './plan-next.ts'

const plan = (effect: string): ResponsePlanWire =>
  ({
    hash: 'ab'.repeat(32),
    state: 'confirmed',
    words: '1 of 1 step confirmed, 0 applied, 0 failed',
    appliedAt: '1',
    steps: [{ effect }],
  }) as unknown as ResponsePlanWire // what is read of it

test('while a hold stands it is told, and not that nothing was done', () => {
  expect(planNext('inc-1', [plan('none')]).map((line) => wordsAs(line, undefined))).toEqual([
    'nothing was done: holdfast incidents plan inc-1 --make',
  ])
  const lines = planNext('inc-1', [plan('none'), plan('probed')])
    .map((line) => wordsAs(line, undefined))
    .join('\n')
  expect(lines).toContain('plan abababababab is in effect: confirmed, 1 of 1 step confirmed')
  expect(lines).toContain('holdfast incidents release inc-1')
  expect(lines).not.toContain('nothing was done')
})
