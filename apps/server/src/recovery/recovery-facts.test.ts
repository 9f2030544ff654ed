import type { IncidentWire, RecoveringAgent } from '@holdfast/api'
import { expect, test } from 'vitest'
import { recoveryFacts } from './recovery-facts.ts'

const restore = { allowed: false, why: 'it saw an incident' }
const profile: NonNullable<RecoveringAgent['profile']> = {
  observedFrom: '2026-11-01T00:00:00Z',
  observedUntil: '2026-11-02T00:00:00Z',
  status: 'converged',
}
const granted = { agent: 'a', name: 'a', profile, restore, grants: { exercisedUncovered: 1, unusedExcess: 2 } }
const silent = { agent: 'b', name: 'b', profile, restore }
const named = { agent: 'c', name: 'c', restore }

test('grants are stated where those of every agent with a profile are known, never out of silence', async () => {
  expect(await grantFacts([granted, granted, named])).toEqual([
    ['exercised-uncovered', 2],
    ['unused-excess', 4],
  ])
  expect(await grantFacts([granted, silent])).toEqual([])
  expect(await grantFacts([silent])).toEqual([])
  // What an identity did is its workload's; alone it speaks for itself.
  const role = { ...silent, agent: 'host:aws 123456789012/role_node', name: 'role/node' }
  expect(await grantFacts([granted, role])).toEqual([
    ['exercised-uncovered', 1],
    ['unused-excess', 2],
  ])
  expect(await grantFacts([{ ...granted, agent: role.agent }])).toHaveLength(2)
})

async function grantFacts(agents: RecoveringAgent[]): Promise<readonly unknown[]> {
  const source = recoveryFacts({ of: async () => ({ incident: 'inc-1', since: profile.observedFrom, agents }) })
  const incident = { id: 'inc-1', history: [] } as unknown as IncidentWire // all of it that these facts read
  const facts = await source({ incident, state: undefined })
  return facts.filter(({ fact }) => /excess|uncovered/.test(fact)).map(({ fact, value }) => [fact, value])
}
