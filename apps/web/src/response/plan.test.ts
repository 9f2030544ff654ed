import { expect, test } from 'vitest'
import { deadlineWords, type Plan, standingOf } from './plan.ts'

function plan(state: Plan['state'], more: Partial<Plan> = {}): Plan {
  return { state, steps: [{ state: 'confirmed' }], left: [], ...more } as unknown as Plan // what is read of one
}

test('without a plan in force the sentence does not gainsay what is on record of the harm', () => {
  expect(standingOf([], 'unknown').words).toBe('Harm is still possible: no plan holds anything, nothing is planned.')
  expect(standingOf([plan('planned')], 'stopped')).toMatchObject({
    isHeld: true,
    words: 'It is held, by no plan of it: a plan waits.',
  })
  expect(standingOf([plan('released')], 'none-seen')).toMatchObject({
    isHeld: false,
    words: 'No harm was seen: the last plan is released.',
  })
})

test('a confirmed plan is no word that it is held where harm goes on, or where a way is left open', () => {
  expect(standingOf([plan('confirmed')], 'stopped')).toMatchObject({ isHeld: true })
  expect(standingOf([plan('confirmed')], 'continuing')).toMatchObject({ isHeld: false })
  const left = [{ what: 'hold the pod', why: 'no sensor' }]
  expect(standingOf([plan('confirmed', { left })], 'unknown').isHeld).toBe(false)
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
