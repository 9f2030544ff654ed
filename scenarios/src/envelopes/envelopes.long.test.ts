import { expect, test } from 'vitest'
import { startOwnHoldfast } from '../incidents/holdfast.ts'
import { obstacleHere } from '../incidents/testing/sensor-here.ts'
import { runEnvelopes } from './run-envelopes.ts'

test('two agents at once each do their own work and nothing of the other, and the log says which line refused in which conversation', async ({
  skip,
}) => {
  await using holdfast = await startOwnHoldfast({ sensor: true })
  const obstacle = await obstacleHere(holdfast)
  if (obstacle !== undefined) skip(obstacle)
  const { agents, rows, differences } = await runEnvelopes({ holdfast })
  expect(differences).toEqual([])
  expect(rows.map(({ layer }) => layer).toSorted()).toEqual(['host-egress', 'host-egress', 'seccomp', 'seccomp'])
  // Nobody wrote any of them: each names the profile that the server made it of.
  for (const { artifacts } of agents)
    for (const { artifact, profile } of artifacts) {
      expect(artifact).toMatch(/^[0-9a-f]{64}$/)
      expect(profile).toMatch(/^[0-9a-f]{64}$/)
    }
}, 900_000)
