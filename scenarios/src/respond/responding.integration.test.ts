import { beforeAll, expect, test } from 'vitest'
import { startOwnHoldfast } from '../incidents/holdfast.ts'
import { refundAgent } from '../incidents/refund-agent/scenario.ts'
import { runIncidentScenario, type ScenarioResult } from '../incidents/run-incident-scenario.ts'
import { obstacleHere } from '../incidents/testing/sensor-here.ts'
import { isEarlier, PHASES } from './testing/worked.ts'

let obstacle: string | undefined
let result: ScenarioResult | undefined

beforeAll(async () => {
  {
    await using probe = await startOwnHoldfast({ sensor: true })
    obstacle = await obstacleHere(probe)
  }
  if (obstacle === undefined)
    result = await runIncidentScenario({ scenario: refundAgent, respond: true, executions: 8 })
}, 900_000)

test('a live refund agent goes to soft quarantine with its credential frozen, without a person', ({ skip }) => {
  skip(obstacle !== undefined, obstacle)
  // What was learned judges the incident anew, which may be answered by another plan.
  const plan = result?.response?.plans.findLast(({ by }) => by === 'policy')
  expect(plan?.containedAfterMs).toBeGreaterThan(0)
  expect(plan?.steps.map(({ id }) => id)).toEqual(expect.arrayContaining(['rung', 'cut/freeze-credential']))
})

test('through the quarantine its process lives, and nothing leaves by a real interface, on no connection', ({
  skip,
}) => {
  skip(obstacle !== undefined, obstacle)
  expect(result?.response?.held).toMatchObject([{ isAlive: true, through: 0, sentBytes: 0 }])
  expect(result?.response?.held[0]?.pulses).toBeGreaterThan(0)
})

test('what it tries meanwhile is recorded by the kernel', ({ skip }) => {
  skip(obstacle !== undefined, obstacle)
  expect(result?.response?.held[0]?.kernelEvents).toBeGreaterThan(0)
})

test('its case closes in all six phases, and the next one is caught strictly earlier', ({ skip }) => {
  skip(obstacle !== undefined, obstacle)
  expect(result?.response?.worked).toEqual({ closed: PHASES, refused: [], resolution: 'resolved' })
  const figures = result?.response?.learned?.figures
  expect([figures?.chain, figures?.variant].map(isEarlier)).toEqual([true, true])
})
