import type { EffectOutcome, PlanStep, Responder } from '@holdfast/respond'
import { expect, test } from 'vitest'
import { timeLimited } from './time-limited.ts'

const STEP: PlanStep = {
  id: 'rung',
  incident: 'inc-1',
  provider: 'slow',
  agent: 'host:desk/agent' as PlanStep['agent'], // in the form of one
  target: { kind: 'workload', name: 'x', state: '' },
  deed: { kind: 'rung', rung: 'stop' },
  isReversible: true,
  ttlMs: 0,
}

/** Does what it is asked to do when its apply is let through. */
function slow() {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  const done: string[] = []
  const outcome = (what: string): EffectOutcome => {
    done.push(what)
    return { status: 'done', detail: what }
  }
  const responder: Responder = {
    name: 'slow',
    offers: () => Promise.resolve([]),
    plan: () => new Promise(() => undefined),
    apply: () => gate.then(() => outcome('applied')),
    probe: () => Promise.resolve([]),
    revert: (_step, _key, why) => Promise.resolve(outcome(why === undefined ? 'reverted' : `reverted: ${why}`)),
  }
  return { responder, open, done }
}

test('what was given up and is done after all is taken back after it was done, and who asks again is not kept waiting', async () => {
  const { responder, open, done } = slow()
  const limited = timeLimited(responder, { askMs: 20, actMs: 20 })
  await expect(limited.apply(STEP, 'plan/rung')).rejects.toThrow('gave no answer within')
  await expect(limited.revert(STEP, 'plan/rung')).rejects.toThrow('gave no answer within')
  expect(done).toEqual([])
  expect(await limited.revert(STEP, 'plan/rung')).toMatchObject({ status: 'done' })
  open()
  await expect.poll(() => done).toEqual(['reverted', 'applied', 'reverted'])
  expect(await limited.revert(STEP, 'plan/rung')).toMatchObject({ status: 'done' })
})

test('another step waits for nobody, and a question that nobody answers fails', async () => {
  const { responder } = slow()
  const limited = timeLimited(responder, { askMs: 20, actMs: 20 })
  await expect(limited.apply(STEP, 'plan/rung')).rejects.toThrow('gave no answer')
  expect(await limited.revert(STEP, 'plan/other')).toMatchObject({ status: 'done', detail: 'reverted' })
  expect(await limited.revert(STEP, 'plan/other', 'it is clean')).toMatchObject({ detail: 'reverted: it is clean' })
  await expect(limited.plan(STEP)).rejects.toThrow('gave no answer')
})
