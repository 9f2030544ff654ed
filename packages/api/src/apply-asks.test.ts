import { expect, test } from 'vitest'
import { applyAsks } from './apply-asks.ts'

type Step = Parameters<typeof applyAsks>[0]['steps'][number]

function step(agent: string, deed: Step['deed'], isReversible = true): Step {
  return { agent, deed, isReversible } as Step // what is read of one
}

const kill = { kind: 'rung', rung: 'kill' } as const
const pause = { kind: 'rung', rung: 'pause' } as const

test('a kill asks for the name of every Deployment that it ends, once each', () => {
  const steps = [step('k8s:prod/desk/refund-desk', kill), step('host:box/clerk', kill), step('host:box/clerk', kill)]
  expect(applyAsks({ steps: [step('host:box/other', pause), ...steps] }).name).toBe('refund-desk, clerk')
})

test('freezing a credential and what has no way back ask for words, and a hold asks for none', () => {
  const freeze = step('a', { kind: 'cut', cut: 'freeze-credential', surface: 'identity', verb: 'freeze' })
  expect(applyAsks({ steps: [freeze] }).reason).toBe('it freezes a credential that others may use too')
  expect(applyAsks({ steps: [step('a', { kind: 'rung', rung: 'stop' }, false)] }).reason).toBe('it cannot be undone')
  expect(applyAsks({ steps: [step('a', pause)] })).toEqual({ reason: undefined, name: undefined })
})
