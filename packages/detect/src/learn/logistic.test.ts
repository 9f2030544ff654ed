import { expect, test } from 'vitest'
import { fitLogistic, scoreOf } from './logistic.ts'

const options = { features: ['a', 'b'], signs: [1, -1] as const, ridge: 1e-3, steps: 400 }
const example = (a: number, b: number, isPositive: boolean, weight = 1) => ({ features: [a, b], isPositive, weight })

test('separates what can be separated', () => {
  const model = fitLogistic(
    [example(1, 0, true), example(0.9, 0, true), example(0, 1, false), example(0.1, 1, false)],
    options,
  )
  expect(scoreOf(model, [0.95, 0])).toBeGreaterThan(0)
  expect(scoreOf(model, [0.05, 1])).toBeLessThan(0)
})
test('a weight never takes the direction that its feature may not have', () => {
  const model = fitLogistic([example(0, 1, true), example(1, 0, false)], options)
  expect(model.weights).toEqual([0, 0])
})
test('an example that weighs as two counts as two', () => {
  const once = fitLogistic([example(1, 0, true, 2), example(0, 0, false, 1)], options)
  const twice = fitLogistic([example(1, 0, true), example(1, 0, true), example(0, 0, false)], options)
  expect(once.weights[0]).toBeCloseTo(twice.weights[0] ?? 0, 9)
})
test('the same examples give the same model, bit for bit', () => {
  const examples = [example(0.3, 0.1, true), example(0.2, 0.7, false), example(0.9, 0.4, true)]
  expect(fitLogistic(examples, options)).toEqual(fitLogistic(examples, options))
})
test('no example gives a model that says nothing', () => {
  expect(fitLogistic([], options)).toEqual({ features: ['a', 'b'], weights: [0, 0], bias: 0 })
})
