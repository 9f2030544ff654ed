import { expect, test } from 'vitest'
import { stageWords } from './stage-words.ts'

const step = (evidence: string, isReached: boolean) => ({
  stage: 'observation' as const,
  isReached,
  evidence,
  entries: [],
})

test('a stage that waits for the one before it does not repeat what stands beside it', () => {
  expect(
    stageWords([
      step('it was seen', true),
      step('not yet: 1 of at least 14 days', true),
      step('waits for observation: not yet: 1 of at least 14 days', false),
      step('not enforced: no policy was generated', false),
    ]),
  ).toEqual([
    'it was seen',
    'not yet: 1 of at least 14 days',
    'waits for observation',
    'not enforced: no policy was generated',
  ])
  expect(stageWords([step('', true), step('not enforced: ', false)])).toEqual(['', 'not enforced: '])
})
