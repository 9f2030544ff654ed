import type { Answer, DriftChangeWire } from '@holdfast/api'
import { expect, test } from 'vitest'
import { actOut, folded } from './act-out.ts'
import { ask, type HoldfastAddress, startOwnHoldfast } from './holdfast.ts'
import { incidentScenario } from './scenarios.ts'
import { obstacleHere } from './testing/sensor-here.ts'

/** Profiles know the work long before they settle. */
const EXECUTIONS = 8
const DAYS = 60
/** Before this instant all that is told is simulated. */
const TODAY = new Date(Math.floor(Date.now() / 86_400_000) * 86_400_000).toISOString()

test.for([
  'sanctioned-bucket',
  'six-events',
  'quiet-retrieval',
  'three-clean-profiles',
  'guideline-contamination',
  'refund-agent',
])(
  '%s: what happened is on the risky side, nothing of it is evolution, and no quiet day stands beside it',
  async (name, context) => {
    const isWatched = name === 'six-events'
    await using holdfast = await startOwnHoldfast({ sensor: isWatched })
    const obstacle = isWatched ? await obstacleHere(holdfast) : undefined
    if (obstacle !== undefined) return context.skip(obstacle)
    const { evolution, risky } = await driftAfter(name, { holdfast, isWatched })
    expect(evolution.map(wordsOf)).toEqual([])
    expect(risky.some(({ severity }) => severity === 'high' || severity === 'medium')).toBe(true)
    // The weeks of the fifth are themselves what happened.
    const early = name === 'guideline-contamination' ? [] : risky.filter(({ at }) => at < TODAY)
    expect(early.map(wordsOf)).toEqual([])
  },
)

test('benign-rollout: every change is evolution, with its event and who approved it', async () => {
  await using holdfast = await startOwnHoldfast({ sensor: false })
  const { evolution, risky } = await driftAfter('benign-rollout', { holdfast, isWatched: false })
  expect(risky.map(wordsOf)).toEqual([])
  expect(evolution.length).toBeGreaterThan(0)
  for (const { change } of evolution) {
    expect(change).toMatchObject({ changeId: expect.stringMatching(/^REL-50[123]$/), approver: 'k.osei' })
    expect(await ask(holdfast, `/events/${encodeURIComponent(change?.event ?? '')}`)).toMatchObject({ kind: 'change' })
  }
})

async function driftAfter(
  name: string,
  { holdfast, isWatched }: { readonly holdfast: HoldfastAddress; readonly isWatched: boolean },
): Promise<Pick<Answer<'getDrift'>, 'evolution' | 'risky'>> {
  const scenario = incidentScenario(name)
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`)
  const { cluster } = await actOut(scenario, { holdfast, executions: EXECUTIONS, isWatched })
  await folded(holdfast)
  const { items } = await ask<Answer<'listAgents'>>(holdfast, '/agents?limit=200')
  const own = items.map(({ id }) => id).filter((id) => id.startsWith(`k8s:${cluster}/`))
  const drifts: Answer<'getDrift'>[] = []
  for (const id of own) drifts.push(await ask(holdfast, `/agents/${encodeURIComponent(id)}/drift?days=${DAYS}`))
  return { evolution: drifts.flatMap((one) => one.evolution), risky: drifts.flatMap((one) => one.risky) }
}

function wordsOf({ agent, at, verdict, what }: DriftChangeWire): string {
  return `${agent} ${at} ${verdict}: ${what}`
}
