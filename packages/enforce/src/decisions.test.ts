import { ARTIFACT_KINDS, DECISION_NAMES } from '@holdfast/model'
import { expect, test } from 'vitest'
import { admittedFacts, decisionsFor, isDecisionValue } from './decisions.ts'
import type { ProfileFact } from './generator.ts'
import { factsFixture } from './testing/facts.ts'

const fact = (changed: Partial<ProfileFact>): ProfileFact => ({
  dimension: 'tool',
  key: 'crm.query',
  count: 40,
  daysSeen: 12,
  recency: 1,
  first: '2026-08-01T00:00:00Z',
  last: '2026-08-31T00:00:00Z',
  entries: [3],
  ...changed,
})

test('each layer has all four decisions with a value that it knows, who chose it and why', () => {
  for (const kind of ARTIFACT_KINDS) {
    const decisions = decisionsFor(kind, factsFixture())
    for (const name of DECISION_NAMES) {
      expect(decisions[name], `${kind} ${name}`).toMatchObject({ chosenBy: 'default' })
      expect(decisions[name].reason).not.toBe('')
      expect(isDecisionValue(name, decisions[name].value, kind), `${kind} ${name}`).toBe(true)
    }
  }
})

test('a choice counts in the layers that know its value', () => {
  const granularity = { value: 'address', chosenBy: 'ana', reason: 'names are not to be trusted here' }
  const facts = factsFixture({ decisions: { granularity } })
  expect(decisionsFor('cilium-network-policy', facts).granularity).toEqual(granularity)
  expect(decisionsFor('seccomp', facts).granularity).toMatchObject({ value: 'call', chosenBy: 'default' })
  expect(isDecisionValue('granularity', 'anything')).toBe(false)
  expect(isDecisionValue('validity', '400d')).toBe(false)
  expect(isDecisionValue('confidence', 'days>=0')).toBe(false)
})

test('a thin entry becomes a line by a confidence decision alone, and a faded one never', () => {
  const facts = factsFixture({
    entries: [fact({}), fact({ key: 'thin', daysSeen: 2 }), fact({ key: 'faded', recency: 0.099 })],
  })
  const keys = (confidence: string): readonly string[] =>
    admittedFacts(facts, { confidence: { value: confidence, chosenBy: 'ana', reason: 'x' } }).map(({ key }) => key)
  expect(keys('days>=3')).toEqual(['crm.query'])
  expect(keys('days>=1')).toEqual(['crm.query', 'thin'])
  expect(keys('days>=13')).toEqual([])
})
