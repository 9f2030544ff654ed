import { expect, test } from 'vitest'
import { startOwnHoldfast } from '../incidents/holdfast.ts'
import type { IncidentScenarioName } from '../incidents/names.ts'
import { runIncidentScenario } from '../incidents/run-incident-scenario.ts'
import { incidentScenario } from '../incidents/scenarios.ts'
import { obstacleHere } from '../incidents/testing/sensor-here.ts'
import { isEarlier, PHASES } from './testing/worked.ts'

type Worked = {
  readonly name: IncidentScenarioName
  /** What becomes of the agents' processes. */
  readonly lives: boolean
  /** A restriction leaves the rest of the outside open. */
  readonly isRestricted?: true
  /** Strictly earlier, or with the first step that was not ordinary: then a cut of authority or surroundings blocks it. */
  readonly caught: 'earlier' | 'first-step'
}

/** One of each row of the matrix that a scenario takes. */
const SCENARIOS: readonly Worked[] = [
  { name: 'sanctioned-bucket', lives: true, caught: 'earlier' },
  { name: 'quiet-retrieval', lives: true, isRestricted: true, caught: 'earlier' },
  { name: 'refund-agent', lives: true, caught: 'earlier' },
  { name: 'memory-poisoning', lives: true, caught: 'earlier' },
  { name: 'batch-extractor', lives: false, caught: 'first-step' },
  { name: 'six-events-b', lives: false, caught: 'first-step' },
]

test.for(SCENARIOS)('$name is worked to its end', async ({ name, lives, isRestricted, caught }, { skip }) => {
  const scenario = incidentScenario(name)
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`)
  {
    await using probe = await startOwnHoldfast({ sensor: true })
    const obstacle = await obstacleHere(probe)
    skip(obstacle !== undefined, obstacle)
  }
  const { differences, response } = await runIncidentScenario({ scenario, respond: true })
  // What was learned, and at which steps, tells why a last phase did not close.
  expect(differences, JSON.stringify(response?.learned)).toEqual([])
  expect(response?.worked).toEqual({ closed: PHASES, refused: [], resolution: 'resolved' })
  expect(response?.held.length).toBeGreaterThan(0)
  for (const agent of response?.held ?? []) {
    expect(agent.isAlive).toBe(lives)
    if (lives) expect(agent.kernelEvents).toBeGreaterThan(0)
    if (isRestricted !== true) expect(agent).toMatchObject({ through: 0, sentBytes: 0 })
  }
  const figures = response?.learned?.figures
  expect(response?.learned?.state).toBe('applied')
  if (caught === 'first-step') expect(figures?.earlierSteps).toBe(0)
  else expect([figures?.chain, figures?.variant].map(isEarlier)).toEqual([true, true])
})

test('what was done for the wrong type is taken back or justified, action by action', async ({ skip }) => {
  {
    await using probe = await startOwnHoldfast({ sensor: true })
    const obstacle = await obstacleHere(probe)
    skip(obstacle !== undefined, obstacle)
  }
  const scenario = incidentScenario('sanctioned-bucket-b')
  if (scenario === undefined) throw new Error('there is no such scenario')
  const { differences, response } = await runIncidentScenario({ scenario, respond: true })
  expect(differences).toEqual([])
  expect(response?.types.slice(-2)).toEqual(['privilege-boundary-escape', 'reasoning-compromise'])
  expect(response?.worked).toEqual({ closed: PHASES, refused: [], resolution: 'resolved' })
  const settled = response?.actions.map(({ settlement }) => settlement) ?? []
  expect(settled).toContain('reverted')
  expect(settled).toContain('justified')
  expect(settled).not.toContain('unsettled')
})
