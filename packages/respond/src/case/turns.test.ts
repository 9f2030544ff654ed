import { expect, test } from 'vitest'

import { ANNA, CaseDriver, PROGRAM, shippedMatrix } from '../testing/case-driver.ts'
import type { CaseDeed } from './events.ts'
import { exitChecks } from './conditions.ts'
import { unsettledActions } from './state.ts'

const MATRIX = shippedMatrix()
const TYPE_2 = 'privilege-boundary-escape'
const TYPE_3 = 'reasoning-compromise'

test('a type that turns out to have been right leaves none of its actions in question', () => {
  const driver = new CaseDriver(MATRIX)
  driver.classify(TYPE_2)
  driver.seal()
  driver.act({ id: 'first' })
  driver.classify(TYPE_3)
  driver.act({ id: 'second' })
  expect(unsettledActions(driver.case).map(({ id }) => id)).toEqual(['first'])
  driver.classify(TYPE_2)
  expect(unsettledActions(driver.case).map(({ id }) => id)).toEqual(['second'])
  expect(driver.replayed()).toEqual(driver.case)
})

/** In the open phase Analyze of a reasoning compromise. */
function analysing(): CaseDriver {
  const driver = new CaseDriver(MATRIX)
  driver.classify(TYPE_3)
  driver.seal()
  driver.workUntil(TYPE_3, 'analyze')
  driver.must({ kind: 'phase-opened', type: TYPE_3, phase: 'analyze' })
  return driver
}

function none(evidence: string, notExpected: string, entries: readonly number[] = []): CaseDeed {
  return { kind: 'evidence', type: TYPE_3, phase: 'analyze', evidence, proof: { entries, notExpected } }
}

test('an artifact of which nothing was to be expected is attached as such, with the reason', () => {
  const driver = analysing()
  driver.must(none('downstream', 'nothing was handed over'))
  const checks = exitChecks({ matrix: MATRIX, state: driver.case, type: TYPE_3, phase: 'analyze' })
  const [check] = checks.filter(({ says }) => says.includes('artifact A5'))
  expect(check).toMatchObject({ holds: true, found: 'not expected: nothing was handed over', entries: [] })
})

test('that nothing was expected is the word of a person on an artifact, with a reason and no entries', () => {
  const driver = analysing()
  const refusal = (deed: CaseDeed, by = ANNA) => {
    const result = driver.try(deed, by)
    return result.status === 'refused' ? result.reason : 'accepted'
  }
  expect(refusal(none('catalogue-history', 'no'))).toBe('evidence catalogue-history is always expected')
  const words = "that no downstream was expected is a person's word"
  expect(refusal(none('downstream', ' '))).toContain(words)
  expect(refusal(none('downstream', 'none', [9]))).toContain(words)
  expect(refusal(none('downstream', 'none'), PROGRAM)).toContain(words)
})
