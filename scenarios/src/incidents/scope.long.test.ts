import type { Answer } from '@holdfast/api'
import { expect, test } from 'vitest'
import { ask, startOwnHoldfast } from './holdfast.ts'
import { runIncidentScenario } from './run-incident-scenario.ts'
import { incidentScenario } from './scenarios.ts'

const EXECUTIONS = 3

test('an order in a mail is followed over two hand-overs to 2,400 records, and the bystander is cleared with proof', async () => {
  await using holdfast = await startOwnHoldfast({ sensor: false })
  const scenario = incidentScenario('three-clean-profiles')
  if (scenario === undefined) throw new Error('there is no scenario three-clean-profiles')
  const { incidents } = await runIncidentScenario({ scenario, holdfast, executions: EXECUTIONS })
  const [incident] = incidents
  if (incident === undefined) throw new Error('nothing was found')
  const scope = await ask<Answer<'getIncidentScope'>>(holdfast, `/incidents/${incident.id}/scope`)
  const last = (name: string): string => name.slice(name.lastIndexOf('/') + 1)
  expect(scope.agents.map(({ id }) => last(id))).toEqual(['records-agent', 'remediation-agent', 'triage-agent'])
  expect(scope.touched.agents.names.map(last)).toEqual(['records-agent', 'remediation-agent', 'triage-agent'])
  expect(scope.touched.records.known).toBe(2_400)
  expect(scope.receivers.map(({ name, verdict }) => [name, verdict])).toEqual([
    ['records-agent', 'tainted'],
    ['remediation-agent', 'tainted'],
    ['report-agent', 'cleared'],
  ])
  const cleared = scope.receivers.find(({ verdict }) => verdict === 'cleared')
  expect(cleared?.entries.length).toBeGreaterThan(1)
  // The quiet weeks of the same agents are in the log, and before the mail.
  const days = (BigInt(scope.patientZero[0]?.claimedAt ?? '0') - BigInt(scope.window.from)) / 86_400_000_000_000n
  expect(days).toBe(0n)
  const reach = await ask<Answer<'getResponseScope'>>(holdfast, `/incidents/${incident.id}/response-scope`)
  expect(reach.edges.map(({ from, to, verdict }) => [last(from), last(to), verdict])).toEqual([
    ['records-agent', 'remediation-agent', 'tainted'],
    ['triage-agent', 'records-agent', 'tainted'],
    ['triage-agent', 'report-agent', 'cleared'],
  ])
})
