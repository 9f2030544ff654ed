import type { Answer } from '@holdfast/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isEarlier } from '../respond/testing/worked.ts'
import { type HoldfastAddress, startOwnHoldfast } from './holdfast.ts'
import { judgedIncidents } from './judged.ts'
import type { IncidentScenarioName } from './names.ts'
import { runIncidentScenario, type ScenarioResult } from './run-incident-scenario.ts'
import { incidentScenario } from './scenarios.ts'

type Learned = Answer<'learnFromIncident'>

/** What the rule may ask of a text: the class of an order, and the name of a tool that it had called. */
const SCENARIOS: readonly (readonly [IncidentScenarioName, names: readonly string[]])[] = [
  ['sanctioned-bucket', ['crm', 'query']],
  ['quiet-retrieval', ['warehouse.query']],
]

let holdfast: Awaited<ReturnType<typeof startOwnHoldfast>>
beforeAll(async () => {
  holdfast = await startOwnHoldfast({ sensor: false })
}, 240_000)
afterAll(() => holdfast?.[Symbol.asyncDispose]())

test.each(SCENARIOS)(
  'IR-17 what %s teaches is met earlier in other words too, and by none of the texts that the agent ordinarily reads',
  { timeout: 900_000 },
  async (name, names) => {
    const ran = await ranOnce(name)
    const [incident] = ran.incidents
    const learned = await post<Learned>(holdfast, `/incidents/${incident?.id}/learning`)
    const { figures } = learned
    expect([figures?.chain, figures?.variant].map(isEarlier)).toEqual([true, true])
    // Requests of people, which read like orders, were captured in nearly all of its quiet weeks.
    expect(figures?.ordinary.comparable).toBeGreaterThan(50)
    expect(figures?.ordinary.newFindings).toBe(0)
    expect(learned.tried?.ordinary).toBeGreaterThan(0)
    expect(learned.rule?.about).toBe('source')
    expect(learned.rule?.text).toContain(`text|contains|all: ${JSON.stringify(names).replaceAll(',', ', ')}`)
    expect(learned.rule?.text).not.toMatch(/partner|migration|acme|customers|segment|pages|Prices|post the|Assistants/)
    await post(holdfast, `/learnings/${learned.id}`, { do: 'applied' })
    const after = await judgedIncidents(holdfast, ran.cast)
    expect(after.map(({ id }) => id)).toEqual([incident?.id])
  },
)

async function ranOnce(name: IncidentScenarioName): Promise<ScenarioResult> {
  const scenario = incidentScenario(name)
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`)
  const ran = await runIncidentScenario({ scenario, holdfast, executions: 2 })
  expect(ran.differences).toEqual([])
  expect(ran.incidents).toHaveLength(1)
  return ran
}

async function post<T>({ url, token }: HoldfastAddress, path: string, body: object = {}): Promise<T> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'a test', ...body }),
  })
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
  return (await response.json()) as T // the route's own answer
}
