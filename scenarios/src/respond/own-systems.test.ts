import { expect, test } from 'vitest'
import { INCIDENT_SCENARIO_NAMES } from '../incidents/names.ts'
import { incidentScenario } from '../incidents/scenarios.ts'
import { needsOwnServer } from './own-systems.ts'

test('what is answered in an account or a cluster of the run needs a server of its own, and nothing else does', () => {
  const own = INCIDENT_SCENARIO_NAMES.filter((name) => {
    const scenario = incidentScenario(name)
    return scenario !== undefined && needsOwnServer(scenario) !== undefined
  })
  expect(own.toSorted()).toEqual([
    'batch-extractor',
    'refund-agent',
    'sanctioned-bucket-b',
    'six-events',
    'six-events-b',
  ])
})
