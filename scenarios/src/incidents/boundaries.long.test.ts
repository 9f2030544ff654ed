import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startLateCollector } from './acts/late-collector.ts'
import { castOf } from './cast.ts'
import { addressOf, ask, type HoldfastAddress, restartHoldfast, startOwnHoldfast } from './holdfast.ts'
import { judgedIncidents } from './judged.ts'
import { folderOf } from './expected.ts'
import { INCIDENT_SCENARIO_NAMES } from './names.ts'
import { payWithoutRecord, refundAgentRevealed } from './refund-agent/scenario.ts'
import { runIncidentScenario } from './run-incident-scenario.ts'
import { incidentScenario } from './scenarios.ts'
import { Stage } from './stage.ts'
import { obstacleHere } from './testing/sensor-here.ts'
import { incidentsInOrder, liveEvents } from './testing/shuffled-case.ts'

const FOLDERS = [
  'six-events',
  'guideline-contamination',
  'refund-agent',
  'batch-extractor',
  'memory-poisoning',
  'autoscale-churn',
]
const SCENARIOS = INCIDENT_SCENARIO_NAMES.filter((name) => FOLDERS.includes(folderOf(name)))
const ORDERS = 50
/** Back to each of the nine sentences, over a silence that is concluded. */
const NINE = { origin: ['seen', 9], quiet: ['inferred', 9] }

/** Stages before anything was done: in which state they are, and how many of each. */
async function originsOf(holdfast: HoldfastAddress, id: string): Promise<unknown> {
  // The shape is that of the route (packages/api).
  const { chain } = await ask<{
    readonly chain: { readonly links: readonly { readonly stage: string; readonly state: string }[] }
  }>(holdfast, `/incidents/${id}`)
  const of = (stage: string) => chain.links.filter((link) => link.stage === stage)
  const told = (stage: string) => [[...new Set(of(stage).map(({ state }) => state))].join(' '), of(stage).length]
  return { origin: told('origin'), quiet: told('quiet') }
}

test.each(SCENARIOS)('%s gives what it must, in whatever order its records are read', async (name) => {
  const scenario = incidentScenario(name)
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`)
  await using holdfast = await startOwnHoldfast({ sensor: scenario.needsKernel === true })
  const obstacle = scenario.needsKernel === true ? await obstacleHere(holdfast) : undefined
  if (obstacle !== undefined) return
  const result = await runIncidentScenario({ scenario, holdfast })
  expect(result.differences).toEqual([])
  if (name === 'memory-poisoning') expect(await originsOf(holdfast, result.incidents[0]?.id ?? '')).toEqual(NINE)
  // The agent's own conversation, and what the ledger recorded of the session that it acted in.
  if (name === 'refund-agent') expect(result.incidents[0]?.conversations).toHaveLength(2)
  const events = liveEvents(holdfast.folder)
  const expected = incidentsInOrder(events, 0)
  for (let seed = 1; seed < ORDERS; seed += 1) expect(incidentsInOrder(events, seed), `seed ${seed}`).toEqual(expected)
})

test('a server that is killed between the refunds and the note that explains them loses nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-acts-'))
  await using collector = await startLateCollector()
  await using first = await startOwnHoldfast({ sensor: false })
  const cast = castOf('refund-agent-b')
  try {
    const options = { cast, folder, t0: Date.now(), tell: () => undefined }
    {
      await using stage = new Stage({ ...options, holdfast: first })
      const past = { t0: options.t0, cast, executions: 24, seed: 1 }
      await stage.import('past.jsonl', refundAgentRevealed.history?.(past) ?? [])
      await payWithoutRecord(stage, collector.url)
    }
    first.server.child.kill('SIGKILL')
    await first.server.ended
    const server = await restartHoldfast(first.folder)
    try {
      const second = addressOf(server)
      const [before] = await judgedIncidents(second, cast)
      expect(before?.type).toBe('privilege-boundary-escape')
      await collector.release(second.otlpUrl)
      const after = await judgedIncidents(second, cast)
      expect(after.map(({ type, contributing }) => [type, contributing])).toEqual([
        ['reasoning-compromise', ['privilege-boundary-escape']],
      ])
    } finally {
      await server.stop()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
