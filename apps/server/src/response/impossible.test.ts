import { expect, test } from 'vitest'
import { byReason, Forecasts, impossibleLines } from './impossible.ts'

test('the reason that says most comes first, and what it stands against is a list', () => {
  const nobody = 'nobody is connected who can do it'
  const impossible = byReason([
    { what: 'hold the workload: R3', why: nobody },
    { what: 'cordon the node', why: nobody },
    { what: 'hold refund-agent', why: 'nothing of refund-agent runs' },
    { what: 'cordon the node', why: nobody },
  ])
  expect(impossibleLines(impossible)).toEqual([
    'hold refund-agent: nothing of refund-agent runs',
    `${nobody}:`,
    '- hold the workload: R3',
    '- cordon the node',
  ])
})

test('whoever could do it is asked once in fifteen seconds, and again after a fault', async () => {
  let nowMs = 0
  const asked: string[] = []
  let isFailing = false
  const forecasts = new Forecasts(
    (incident) => {
      asked.push(incident)
      return isFailing ? Promise.reject(new Error('no answer')) : Promise.resolve([])
    },
    () => nowMs,
  )
  await Promise.all([forecasts.of('inc-1'), forecasts.of('inc-1'), forecasts.of('inc-2')])
  expect(asked).toEqual(['inc-1', 'inc-2'])
  nowMs = 15_000
  isFailing = true
  await expect(forecasts.of('inc-1')).rejects.toThrow('no answer')
  isFailing = false
  await forecasts.of('inc-1')
  expect(asked).toEqual(['inc-1', 'inc-2', 'inc-1', 'inc-1'])
})
