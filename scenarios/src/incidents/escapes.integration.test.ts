import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, type HoldfastAddress, startOwnHoldfast } from './holdfast.ts'
import { runIncidentScenario, type ScenarioResult } from './run-incident-scenario.ts'
import { sixEventsEscaped } from './six-events/scenario.ts'
import { obstacleHere } from './testing/sensor-here.ts'
import { incidentsInOrder, liveEvents } from './testing/shuffled-case.ts'

// The shape is that of the route (packages/api).
type Graph = { readonly nodes: readonly { readonly kind: string; readonly label: string }[] }

const ORDERS = 50
const SIX = [
  /^connect 203\.0\.113\.10:80 \(mirror\.example\.test\)$/,
  /^run_python$/,
  /^connect 203\.0\.113\.20:80 \(feature-store\.example\.test\)$/,
  /^read \/run\/secrets\/kubernetes\.io\/serviceaccount\/token$/,
  /^write \/mnt\/models\/adapter\.bin$/,
  /^connect 203\.0\.113\.30:80 \(storage\.example\.test\)$/,
]

let holdfast: Awaited<ReturnType<typeof startOwnHoldfast>> | undefined
let result: ScenarioResult | undefined
let obstacle: string | undefined

beforeAll(async () => {
  holdfast = await startOwnHoldfast({ sensor: true })
  obstacle = await obstacleHere(holdfast)
  if (obstacle !== undefined) return
  result = await runIncidentScenario({ scenario: sixEventsEscaped, holdfast, executions: 8 })
}, 400_000)

afterAll(async () => {
  await holdfast?.[Symbol.asyncDispose]()
})

test('six events and an entered namespace are one incident of the right type, and nothing else is one', ({ skip }) => {
  skip(obstacle !== undefined, obstacle)
  expect(result?.differences).toEqual([])
  expect(result?.incidents).toHaveLength(1)
  expect(result?.evidence?.completeness).toBe(1)
})

test('one graph holds the six acts, five of them as the kernel saw them, and the seventh', async ({ skip }) => {
  skip(obstacle !== undefined, obstacle)
  const [incident] = result?.incidents ?? []
  const graph = await ask<Graph>(
    address(),
    `/conversations/${encodeURIComponent(incident?.conversations[0] ?? '')}/graph`,
  )
  const labels = graph.nodes.filter(({ kind }) => kind !== 'tool-definition').map(({ label }) => label)
  for (const act of SIX)
    expect(
      labels.filter((label) => act.test(label)),
      String(act),
    ).toHaveLength(1)
  expect(labels.some((label) => label.endsWith('nsenter'))).toBe(true)
})

test(`what was recorded gives the same incident in ${ORDERS} orders`, ({ skip }) => {
  skip(obstacle !== undefined, obstacle)
  const events = liveEvents(`${holdfast?.folder}`)
  expect(events.length).toBeGreaterThan(100)
  const expected = incidentsInOrder(events, 0)
  expect(expected).toHaveLength(1)
  expect(expected[0]).toMatchObject({ type: 'runtime-execution-escape', chain: { template: 'T4' } })
  for (let seed = 1; seed < ORDERS; seed += 1) expect(incidentsInOrder(events, seed), `seed ${seed}`).toEqual(expected)
})

function address(): HoldfastAddress {
  if (holdfast === undefined) throw new Error('no server was started')
  return holdfast
}
