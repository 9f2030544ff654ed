import type { ArtifactLine } from '@holdfast/model'
import { expect, test } from 'vitest'
import { artifactId, makeArtifact } from './artifact.ts'
import { factsFixture } from './testing/facts.ts'

const line: ArtifactLine = {
  pointer: '/allow/0',
  effect: 'allow',
  what: 'crm.example.test:443',
  because: 'observed',
  reason: 'seen on 12 days',
  grounds: [{ dimension: 'destination', key: 'crm.example.test:443', entries: [4, 9], count: 2 }],
}
const draft = {
  document: { allow: ['crm.example.test:443'], default: 'deny' },
  lines: [line],
  blindSpots: [],
  effective: { narrows: true, reason: 'nothing else is in force', against: [] },
}

test('the same facts give the same id, and any other fact another', () => {
  const artifact = makeArtifact('host-egress', factsFixture(), draft)
  expect(artifact.id).toMatch(/^[0-9a-f]{64}$/)
  expect(makeArtifact('host-egress', factsFixture(), draft)).toEqual(artifact)
  expect(artifactId(artifact)).toBe(artifact.id)
  const later = factsFixture({ now: '2026-09-02T00:00:00Z' })
  expect(makeArtifact('host-egress', later, draft).id).not.toBe(artifact.id)
})

test('validity runs from the derivation, by the class of the agent unless somebody chose', () => {
  expect(makeArtifact('host-egress', factsFixture(), draft)).toMatchObject({
    validUntil: '2026-10-01T00:00:00.000Z',
    decisions: { validity: { value: '30d', chosenBy: 'default' } },
  })
  const validity = { value: '7d', chosenBy: 'ana', reason: 'a release is near' }
  expect(makeArtifact('host-egress', factsFixture({ decisions: { validity } }), draft)).toMatchObject({
    validUntil: '2026-09-08T00:00:00.000Z',
    decisions: { validity },
  })
})

test('a line that points nowhere or rests on nothing makes no artifact', () => {
  const made = (changed: Partial<ArtifactLine>) => () =>
    makeArtifact('host-egress', factsFixture(), { ...draft, lines: [{ ...line, ...changed }] })
  expect(made({})).not.toThrow()
  expect(made({ pointer: '/allow/1' })).toThrow(/points at nothing/)
  expect(made({ pointer: '/allow/length' })).toThrow(/points at nothing/)
  expect(made({ grounds: [] })).toThrow(/has no ground/)
  expect(made({ grounds: [{ dimension: 'tool', key: 'x', entries: [], count: 0 }] })).toThrow(/log position/)
  expect(made({ because: 'default', pointer: '/default', effect: 'deny', grounds: [] })).not.toThrow()
})
