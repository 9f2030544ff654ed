import type { Answer } from '@holdfast/api'
import { expect, test } from 'vitest'
import { DOCTOR_KEPT_MS } from './limits.ts'
import { RecentDoctor } from './recent-doctor.ts'

const check = { id: 'disk', group: 'store', status: 'WARN', title: 'disk', detail: '' } as const

function answer(ready: number, of: number): Answer<'doctor'> {
  return {
    checks: [check, { ...check, id: 'log', status: 'PASS' }],
    evidence: { agents: [], total: 1, ready, of },
    modelCalls: { connections: 0, captured: 0, agents: [] },
  }
}

test('one run answers everybody for as long as it is kept', async () => {
  let nowMs = 0
  let runs = 0
  const doctor = new RecentDoctor({
    run: async () => {
      runs += 1
      return answer(1, 4)
    },
    nowMs: () => nowMs,
    onError: () => undefined,
  })
  await Promise.all([doctor.latest(), doctor.latest()])
  await doctor.latest()
  expect(runs).toBe(1)
  nowMs = DOCTOR_KEPT_MS
  await doctor.latest()
  expect(runs).toBe(2)
})

test('gauges count checks by status and the share of artifacts, and there is no share without an agent', async () => {
  let nowMs = 0
  const answers = [answer(1, 4), answer(0, 0), answer(3, 3)]
  const doctor = new RecentDoctor({
    run: async () => answers.shift() ?? answer(0, 0),
    nowMs: () => nowMs,
    onError: () => undefined,
  })
  expect(await doctor.metrics()).toBe('')
  await doctor.latest()
  const page = await doctor.metrics()
  expect(page).toContain('holdfast_doctor_checks{status="WARN"} 1')
  expect(page).toContain('holdfast_doctor_checks{status="FAIL"} 0')
  expect(page).toContain('holdfast_evidence_ready 0.25')
  nowMs += DOCTOR_KEPT_MS
  await doctor.latest()
  expect(await doctor.metrics()).not.toContain('holdfast_evidence_ready')
  nowMs += DOCTOR_KEPT_MS
  await doctor.latest()
  expect(await doctor.metrics()).toContain('holdfast_evidence_ready 1')
})

test('a run that fails is told, and the next one is tried', async () => {
  const told: unknown[] = []
  let fails = true
  const doctor = new RecentDoctor({
    run: () => (fails ? Promise.reject(new Error('no views')) : Promise.resolve(answer(1, 1))),
    nowMs: () => 0,
    onError: (error) => told.push(error),
  })
  await doctor.metrics()
  await expect(doctor.latest()).rejects.toThrow('no views')
  expect(told).toHaveLength(1)
  fails = false
  expect((await doctor.latest()).evidence.ready).toBe(1)
})
