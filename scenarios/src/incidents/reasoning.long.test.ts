import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { UnixNano } from '@holdfast/model'
import { Recorder } from '@holdfast/recorder'
import { expect, test } from 'vitest'
import { addressOf, restartHoldfast, startOwnHoldfast } from './holdfast.ts'
import { judgedIncidents, type JudgedIncident } from './judged.ts'
import type { IncidentScenarioName } from './names.ts'
import { runIncidentScenario } from './run-incident-scenario.ts'
import { incidentScenario } from './scenarios.ts'
import { ownEvents } from './testing/own-events.ts'
import { shuffledGroups } from './testing/shuffled-log.ts'
import { incidentsInOrder, liveEvents } from './testing/shuffled-case.ts'

const SCENARIOS: readonly IncidentScenarioName[] = [
  'sanctioned-bucket',
  'sanctioned-bucket-twin',
  'quiet-retrieval',
  'quiet-retrieval-twin',
  'three-clean-profiles',
  'three-clean-profiles-twin',
  'benign-rollout',
  'benign-rollout-b',
]
const ORDERS = 50

test.each(SCENARIOS)('%s gives what it must after six weeks, in whatever order its records are read', async (name) => {
  await using holdfast = await startOwnHoldfast({ sensor: false })
  const { differences, cast } = await runIncidentScenario({ scenario: scenarioOf(name), holdfast })
  expect(differences).toEqual([])
  const events = ownEvents(liveEvents(holdfast.folder), cast)
  const expected = incidentsInOrder(events, 0)
  for (let seed = 1; seed < ORDERS; seed += 1) expect(incidentsInOrder(events, seed), `seed ${seed}`).toEqual(expected)
})

test('records that arrive in another order, at a server that is killed between them, give the same incident', async () => {
  await using holdfast = await startOwnHoldfast({ sensor: false })
  const scenario = scenarioOf('three-clean-profiles')
  const { incidents, cast } = await runIncidentScenario({ scenario, holdfast, executions: 3 })
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-shuffled-'))
  try {
    const groups = shuffledGroups(holdfast.folder, 11)
    const half = Math.floor(groups.length / 2)
    await append(folder, groups.slice(0, half))
    const first = await restartHoldfast(folder)
    await judgedIncidents(addressOf(first), cast)
    await first.kill()
    await append(folder, groups.slice(half))
    const second = await restartHoldfast(folder)
    try {
      const again = await judgedIncidents(addressOf(second), cast)
      expect(again.map(withoutPositions)).toEqual(incidents.map(withoutPositions))
    } finally {
      await second.stop()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

async function append(folder: string, groups: ReturnType<typeof shuffledGroups>): Promise<void> {
  await using recorder = await Recorder.open({ folder, clock: () => (BigInt(Date.now()) * 1_000_000n) as UnixNano })
  for (const group of groups) await recorder.append([group])
}

/** Where the log holds it, and what was known when, are the only things that may differ. */
function withoutPositions(incident: JudgedIncident): unknown {
  const { id, type, contributing, confidence, headline, agents, conversations, chain, surfaces, columns } = incident
  return {
    id,
    type,
    contributing,
    confidence,
    headline,
    agents,
    conversations,
    surfaces,
    template: chain.template,
    columns: columns.map((column) => ({
      type: column.type,
      role: column.role,
      // Lines stand in the order of the log, which is another one here.
      for: column.for.map(({ words, signal }) => `${signal} ${words}`).toSorted(),
    })),
  }
}

function scenarioOf(name: IncidentScenarioName) {
  const scenario = incidentScenario(name)
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`)
  return scenario
}
