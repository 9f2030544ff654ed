import type { Event } from '@holdfast/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startOwnHoldfast } from './holdfast.ts'
import type { IncidentScenarioName } from './names.ts'
import { runIncidentScenario, type ScenarioResult } from './run-incident-scenario.ts'
import { incidentScenario } from './scenarios.ts'
import { ownEvents } from './testing/own-events.ts'
import { policyFaults } from './testing/policy-faults.ts'
import { incidentsInOrder, liveEvents } from './testing/shuffled-case.ts'

/** The others of their kind, and settled profiles, are in reasoning.long.test.ts. */
const SCENARIOS = ['sanctioned-bucket', 'sanctioned-bucket-twin', 'quiet-retrieval'] as const
const ORDERS = 50

let holdfast: Awaited<ReturnType<typeof startOwnHoldfast>>
let results: ReadonlyMap<IncidentScenarioName, ScenarioResult>
let events: readonly Event[]

beforeAll(async () => {
  holdfast = await startOwnHoldfast({ sensor: false })
  const ran = await Promise.all(
    SCENARIOS.map(async (name) => {
      const scenario = incidentScenario(name)
      if (scenario === undefined) throw new Error(`there is no scenario ${name}`)
      return [name, await runIncidentScenario({ scenario, holdfast, executions: 2 })] as const
    }),
  )
  results = new Map(ran)
  events = liveEvents(holdfast.folder)
}, 400_000)

afterAll(async () => {
  await holdfast?.[Symbol.asyncDispose]()
})

test.each(SCENARIOS)('%s gives what it must', (name) => {
  expect(results.get(name)?.differences).toEqual([])
})

test('every single step of an export to the usual bucket is allowed', async () => {
  const { incidents, cast } = resultOf('sanctioned-bucket')
  const [incident] = incidents
  if (incident === undefined) throw new Error('there is no incident')
  const agent = `k8s:${cast.cluster}/support/ticket-agent`
  expect(await policyFaults(holdfast, { agent, incident })).toEqual([])
})

test('every single step of a quiet retrieval is allowed, by a right that is only inherited', async () => {
  const { incidents, cast } = resultOf('quiet-retrieval')
  const [incident] = incidents
  if (incident === undefined) throw new Error('there is no incident')
  const agent = `k8s:${cast.cluster}/analytics/insight-agent`
  expect(await policyFaults(holdfast, { agent, incident, inherits: true })).toEqual([])
})

test.each(SCENARIOS)(`%s gives the same in ${ORDERS} orders of its records`, (name) => {
  const own = ownEvents(events, resultOf(name).cast)
  const expected = incidentsInOrder(own, 0)
  expect(expected.length).toBe(name.endsWith('-twin') ? 0 : 1)
  for (let seed = 1; seed < ORDERS; seed += 1) expect(incidentsInOrder(own, seed), `seed ${seed}`).toEqual(expected)
})

function resultOf(name: IncidentScenarioName): ScenarioResult {
  const result = results.get(name)
  if (result === undefined) throw new Error(`${name} did not run`)
  return result
}
