import { expect, test } from 'vitest'
import type { Plan } from './plan.ts'
import { applyShape } from './apply-shape.ts'

const AGENT = 'k8s:prod/desk/refund-desk'
type Rungs = Parameters<typeof applyShape>[1]
type Rung = Rungs[number]['rung']

const rungs = (['watch', 'restrict', 'soft-quarantine', 'pause', 'stop', 'kill'] as const).map((rung) => ({
  rung,
  stops: `what ${rung} stops`,
  loses: rung === 'stop' || rung === 'kill' ? ['A3 tool calls, at 50 %'] : [],
})) as unknown as Rungs // what is read of a rung

function plan(...deeds: readonly (Rung | { readonly cut: string; readonly isReversible?: boolean })[]): Plan {
  const steps = deeds.map((deed) =>
    typeof deed === 'string'
      ? { agent: AGENT, deed: { kind: 'rung', rung: deed }, isReversible: deed !== 'stop' && deed !== 'kill' }
      : { agent: AGENT, deed: { kind: 'cut', cut: deed.cut }, isReversible: deed.isReversible ?? true },
  )
  return { steps } as unknown as Plan // what is read of a plan
}

test('each rung asks in its own way, and a harder one never asks for less', () => {
  expect(applyShape(plan('restrict'), rungs)).toEqual({ kind: 'undo', seconds: 5 })
  expect(applyShape(plan('soft-quarantine'), rungs)).toEqual({ kind: 'confirm', stops: 'what soft-quarantine stops' })
  expect(applyShape(plan('stop'), rungs)).toMatchObject({ kind: 'reason', loses: ['A3 tool calls, at 50 %'] })
  expect(applyShape(plan('kill'), rungs)).toMatchObject({ kind: 'name', name: 'refund-desk' })
})

test('freezing a credential asks for a reason, however soft the rung', () => {
  expect(applyShape(plan('restrict', { cut: 'freeze-credential' }), rungs)).toMatchObject({ kind: 'reason' })
  expect(applyShape(plan('restrict', { cut: 'pin-corpus' }), rungs)).toEqual({ kind: 'undo', seconds: 5 })
  expect(applyShape(plan('restrict', { cut: 'rotate-secret', isReversible: false }), rungs)).toMatchObject({
    kind: 'reason',
    why: 'it cannot be undone',
  })
})

test('a kill in any step asks for the name of the Deployment', () => {
  expect(applyShape(plan('restrict', 'kill'), rungs).kind).toBe('name')
})
