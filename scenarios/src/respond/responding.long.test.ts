import { expect, test } from 'vitest'
import { startOwnHoldfast } from '../incidents/holdfast.ts'
import type { IncidentScenarioName } from '../incidents/names.ts'
import { runIncidentScenario } from '../incidents/run-incident-scenario.ts'
import { incidentScenario } from '../incidents/scenarios.ts'
import { obstacleHere } from '../incidents/testing/sensor-here.ts'

const PHASES = ['detect', 'analyze', 'contain', 'eradicate', 'recover', 'learn']

type Worked = {
  readonly name: IncidentScenarioName
  readonly rung: string
  /** What becomes of the agents' processes. */
  readonly lives: boolean
  /** Strictly earlier, or with the first step that was not ordinary, which a cut of authority or surroundings blocks. */
  readonly learned: 'applied' | 'first-step'
}

/** One of each row of the matrix that a scenario takes. */
const SCENARIOS: readonly Worked[] = [
  { name: 'sanctioned-bucket', rung: 'R2', lives: true, learned: 'applied' },
  { name: 'refund-agent', rung: 'R2', lives: true, learned: 'applied' },
]

test.for(SCENARIOS)('$name is worked to its end', async ({ name, rung, lives, learned }, { skip }) => {
  const scenario = incidentScenario(name)
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`)
  {
    await using probe = await startOwnHoldfast({ sensor: true })
    const obstacle = await obstacleHere(probe)
    skip(obstacle !== undefined, obstacle)
  }
  const { differences, plan, response } = await runIncidentScenario({ scenario, respond: true })
  expect(differences).toEqual([])
  expect(plan?.rung).toBe(rung)
  expect(response?.worked).toEqual({ closed: PHASES, refused: [], resolution: 'resolved' })
  for (const agent of response?.held ?? []) expect(agent).toMatchObject({ isAlive: lives, through: 0 })
})
