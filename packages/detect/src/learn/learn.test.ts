import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { BEHAVIOUR_FEATURES, FULL_FEATURES } from '../provenance/features.ts'
import { findingOf, isLearnedStep, ORDINARY } from './detector.ts'
import { learnGoals } from './goals.ts'
import { learn, type LearningCase, type LearningCases } from './learn.ts'
import { MAX_GOALS, MAX_GOALS_OF_AGENT } from './limits.ts'
import { SHIPPED } from './shipped.ts'
import type { LearnedCall } from './traits.ts'

const SALT = 'salt'

/** A call that no text grounds, about these words. */
function call(deed: string, words: readonly string[], destinations: readonly string[] = []): LearnedCall {
  return {
    provenance: FULL_FEATURES.map(() => 0),
    behaviour: BEHAVIOUR_FEATURES.map(() => 0),
    hasEffect: true,
    isGrounded: false,
    isLifted: false,
    traits: {
      deeds: [deed],
      words: new Map([...words, ...destinations].map((word) => [word, 1])),
      destinations: new Set(destinations),
    },
  }
}
const one = (id: string, calls: readonly LearnedCall[], agent = 'a'): LearningCase => ({
  id,
  agent,
  calls,
  acts: calls,
})
const cases = (given: Partial<LearningCases>): LearningCases => ({
  confirmed: [],
  dismissed: [],
  ordinary: [],
  ...given,
})
const ORDER = call('~buy', ['pencil', 'set', 'blue'])
const BASE = SHIPPED

function learned(given: Partial<LearningCases>) {
  const outcome = learn(BASE, cases(given), SALT)
  if (outcome.status !== 'accepted') throw new Error(outcome.why)
  return outcome
}

describe('a confirmed incident', () => {
  test('L1 is found again in other words, and what is only a little like it is not', () => {
    const { detector } = learned({ confirmed: [one('i1', [ORDER])] })
    expect(findingOf(ORDER, BASE, ORDINARY)).toBeUndefined()
    expect(findingOf(call('~buy', ['set', 'pencil', 'red']), detector, ORDINARY)?.basis).toBe('learned')
    expect(findingOf(call('~buy', ['pencil']), detector, ORDINARY)).toBeUndefined()
    expect(findingOf(call('~delete', ['pencil', 'set', 'blue']), detector, ORDINARY)).toBeUndefined()
  })
  test('is found by its destination alone, with another deed as well', () => {
    const { detector } = learned({ confirmed: [one('i1', [call('~pay', ['rent'], ['x@else.example'])])] })
    expect(findingOf(call('~send', ['notes'], ['x@else.example']), detector, ORDINARY)?.confidence).toBe(0.75)
  })
  test('at several places is found by one of them with the same deed alone', () => {
    const places = ['x@else.example', 'own@desk.example']
    const { detector } = learned({ confirmed: [one('i1', [call('~pay', ['rent'], places)])] })
    expect(findingOf(call('~pay', ['a'], [places[1] ?? '']), detector, ORDINARY)?.basis).toBe('learned')
    expect(findingOf(call('~send', ['a'], [places[1] ?? '']), detector, ORDINARY)).toBeUndefined()
  })
  test('is not found at another place, whatever its words', () => {
    const { detector } = learned({ confirmed: [one('i1', [call('~pay', ['rent', 'may'], ['x@else.example'])])] })
    expect(findingOf(call('~pay', ['rent', 'may'], ['b@else.example']), detector, ORDINARY)).toBeUndefined()
  })
  test('makes a call without an effect a first step', () => {
    const { detector } = learned({ confirmed: [one('i1', [ORDER])] })
    expect(isLearnedStep({ ...ORDER, hasEffect: false }, detector)).toBe(true)
  })
  test('L2 leaves no word of what was captured in the weights', () => {
    const { detector } = learned({ confirmed: [one('i1', [ORDER, call('~pay', ['rent'], ['x@else.example'])])] })
    expect(JSON.stringify(detector)).not.toMatch(/pencil|blue|rent|else\.example/)
  })
})

describe('a new version', () => {
  test('is refused where nobody confirmed anything', () => {
    expect(learn(BASE, cases({ ordinary: [one('o', [ORDER])] }), SALT)).toMatchObject({ status: 'refused' })
  })
  test('L3 learns nothing of an incident that ordinary or dismissed cases are like', () => {
    const other = call('~pay', ['rent'], ['x@else.example'])
    const { card, detector } = learned({
      confirmed: [one('i1', [ORDER]), one('i2', [other])],
      ordinary: [one('o', [ORDER])],
    })
    expect(card.goalsRefused).toEqual([{ incident: 'i1', ordinaryCases: 1, such: ['o'] }])
    expect(findingOf(ORDER, detector, ORDINARY)).toBeUndefined()
    expect(findingOf(other, detector, ORDINARY)?.basis).toBe('learned')
  })
  test('L4 finds all that was found before, however many incidents one tenant confirms', () => {
    const confirmed = [
      one('b', [call('~pay', ['rent'], ['x@else.example'])], 'b'),
      ...Array.from({ length: 300 }, (_, i) => one(`a${i}`, [call('~buy', [`thing${i}`, `kind${i}`])], 'a')),
    ]
    const { detector } = learned({ confirmed })
    const ofA = detector.learned?.goals.filter(({ agent }) => agent === 'a').length
    expect(ofA).toBe(MAX_GOALS_OF_AGENT)
    expect(findingOf(call('~send', ['x'], ['x@else.example']), detector, ORDINARY)?.basis).toBe('learned')
  })
  test('is the same whatever the order of its cases (property)', () => {
    const confirmed = [
      one('i1', [ORDER]),
      one('i2', [call('~buy', ['pencil', 'set'])]),
      one('i3', [call('~pay', ['a', 'b'])]),
    ]
    const expected = JSON.stringify(learned({ confirmed }))
    fc.assert(
      fc.property(fc.shuffledSubarray(confirmed, { minLength: 3 }), (shuffled) => {
        expect(JSON.stringify(learned({ confirmed: shuffled }))).toBe(expected)
      }),
      { numRuns: 20, seed: 7 },
    )
  })
})

test('goals of all agents have their share of the bound', () => {
  const acts = Array.from({ length: 20 }, (_, agent) =>
    Array.from({ length: 70 }, (__, i) => ({
      incident: `${agent}-${i}`,
      agent: `agent${agent}`,
      traits: { deeds: ['~buy'], words: new Map([[`w${agent}-${i}`, 1]]), destinations: new Set<string>() },
    })),
  ).flat()
  const goals = learnGoals(acts, SALT)
  expect(goals).toHaveLength(MAX_GOALS)
  expect(
    Math.min(
      ...Map.groupBy(goals, ({ agent }) => agent)
        .values()
        .map(({ length }) => length),
    ),
  ).toBe(25)
})
