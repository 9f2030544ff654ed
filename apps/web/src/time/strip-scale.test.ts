import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeOf, stepAt, stepNear, strideOf } from './strip-scale.ts'

const DAY = 86_400_000_000_000n
const BASE = 1_795_000_000_000_000_000n
const stepsOf = (gaps: readonly number[]): readonly string[] => {
  let at = BASE
  return gaps.map((gap) => String((at += BigInt(gap))))
}
const anySteps = fc.array(fc.integer({ min: 1, max: Number(DAY) }), { minLength: 2, maxLength: 40 }).map(stepsOf)

test('every step is found again where it stands, however far apart the others are', () => {
  fc.assert(
    fc.property(anySteps, fc.nat(), (steps, pick) => {
      const index = pick % steps.length
      const span = { from: steps[0]!, to: steps.at(-1)! } // at least two
      const at = BigInt(steps[index]!) // within by the remainder
      expect(stepAt(steps, at)).toBe(index)
      const found = steps[stepNear(steps, placeOf(at, span), span)]
      // What stands closer together than a millionth of the strip cannot be told apart on it.
      const apart = (BigInt(span.to) - BigInt(span.from)) / 1_000_000n
      const away = BigInt(found!) - at // stepNear answers with one of the steps
      expect(away < 0n ? -away : away).toBeLessThanOrEqual(apart + 1n)
    }),
  )
})

test('without an instant the strip stands at its end, before the first step at nothing', () => {
  const steps = stepsOf([1, 5, 5])
  expect([stepAt(steps, undefined), stepAt(steps, BASE), stepAt(steps, BASE + DAY)]).toEqual([2, -1, 2])
})

test('what lies beside the strip stands at its ends', () => {
  const span = { from: String(BASE), to: String(BASE + DAY) }
  expect([placeOf(BASE - 1n, span), placeOf(BASE + DAY / 2n, span), placeOf(BASE + 9n * DAY, span)]).toEqual([
    0, 0.5, 1,
  ])
  expect([placeOf(BASE - 1n, { from: '5', to: '5' }), placeOf(5n, { from: '5', to: '5' })]).toEqual([1, 0])
})

test('a long conversation plays in as many beats as a short one may take', () => {
  expect([strideOf(3, 100), strideOf(100, 100), strideOf(101, 100), strideOf(2_000, 100)]).toEqual([1, 1, 2, 20])
})
