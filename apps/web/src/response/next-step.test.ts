import type { Answer } from '@holdfast/api'
import { expect, test } from 'vitest'
import { responseStep } from './next-step.ts'

type Plans = Parameters<typeof responseStep>[0]

const decided = { rung: 'pause', rungs: [{ rung: 'pause', code: 'R3' }] } as unknown as Answer<'planIncident'> // what is read of one
const plan = (state: string, missing: readonly string[] = []) => ({ state, approval: { missing } })
const stepOf = (plans: readonly object[], what: 'hold' | 'scope' = 'hold') =>
  responseStep(plans as unknown as Plans, { next: { do: what, words: '' }, decided }) // as above

test('the next step is what the newest plan waits for, then the rung, and after a hold what it reached', () => {
  expect(stepOf([])).toEqual({ label: 'Plan R3 pause', href: '#respond' })
  expect(stepOf([plan('planned', ['on-call has not approved it'])])).toEqual({
    label: 'Approve the plan',
    href: '#plan',
  })
  expect(stepOf([plan('planned'), plan('confirmed')])).toEqual({ label: 'Apply the plan', href: '#plan' })
  expect(stepOf([plan('under-way')])?.href).toBe('#plan')
  expect(stepOf([plan('confirmed')], 'scope')).toEqual({ label: 'See what it reached', href: '#scope' })
  expect(stepOf([plan('released')])?.href).toBe('#respond')
  const whyNoPlan = [{ why: 'nobody is connected', deeds: [] }] as unknown as Answer<'planIncident'>['whyNoPlan'] // as above
  const asked = { next: { do: 'hold', words: '' }, decided, whyNoPlan } as const
  expect(responseStep([], asked)).toEqual({ label: 'See what it reached', href: '#scope' })
  expect(responseStep(undefined, { next: undefined, decided })).toBeUndefined()
})
