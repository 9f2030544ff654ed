import { expect, test } from 'vitest'
import { deadlineWords, type Plan, standingOf } from './plan.ts'

function plan(state: Plan['state'], more: Partial<Plan> = {}): Plan {
  return { state, steps: [{ state: 'confirmed' }], left: [], ...more } as unknown as Plan // what is read of one
}

const STATES = ['continuing', 'stopped', 'unknown', 'none-seen'] as const
const harm = (state: (typeof STATES)[number] | 'held' | 'ended') => ({ state, words: 'in words' })

test('without a plan in force the sentence calls the harm what the head of the page calls it', () => {
  expect(STATES.map((state) => standingOf([], harm(state)).words)).toEqual([
    'Harm is continuing: no plan holds anything, nothing is planned.',
    'Harm is stopped, by no plan of it: nothing is planned.',
    'Harm is still possible: no plan holds anything, nothing is planned.',
    'No harm was seen: nothing is planned.',
  ])
  expect(standingOf([plan('planned')], harm('stopped'))).toMatchObject({ isHeld: true })
  expect(standingOf([plan('released')], undefined)).toMatchObject({
    isHeld: false,
    words: 'Whether harm is possible is being read: no plan holds anything, the last plan is released.',
  })
  expect(standingOf([plan('released')], harm('ended')).words).toBe('It has ended; in words.')
})

test('a plan in force says how much of it is confirmed, and is no word that it is held where the harm is not stopped', () => {
  const left = [{ what: 'hold the pod', why: 'no sensor' }]
  expect(STATES.map((state) => standingOf([plan('confirmed')], harm(state)).isHeld)).toEqual([
    false,
    true,
    false,
    false,
  ])
  expect(standingOf([plan('confirmed', { left })], harm('unknown')).words).toBe(
    'Harm is still possible: 1 of 1 step confirmed by probes, and left out is: hold the pod.',
  )
  expect(standingOf([plan('partial')], harm('continuing')).words).toBe(
    'Harm is continuing: 1 of 1 step confirmed by probes.',
  )
  // What stays open stands at the head, beside that it is held.
  expect(standingOf([plan('confirmed', { left })], harm('held'))).toMatchObject({
    isHeld: true,
    words: 'Harm is held: in words.',
  })
})

test('a deadline says by how much it is past, and of a plan that came after it that it was past already', () => {
  const at = (seconds: number): string => String(BigInt(seconds) * 1_000_000_000n)
  const words = (planned: number, now: number, confirmed?: number): string | undefined =>
    deadlineWords(
      {
        state: 'planned',
        deadline: at(100),
        plannedAt: at(planned),
        ...(confirmed === undefined ? {} : { confirmedAt: at(confirmed) }),
      },
      now * 1_000,
    )?.words
  expect(words(40, 70)).toContain('in 30')
  expect(words(40, 130)).toContain('past by 30')
  expect(words(225, 300)).toMatch(/past by .* when the plan was made/)
  expect(words(40, 900, 90)).toBe('met')
  expect(words(40, 900, 130)).toMatch(/held 30.* after it/)
  expect(deadlineWords({ state: 'planned', plannedAt: at(1) }, 0)).toBeUndefined()
})
