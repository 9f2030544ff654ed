/** One example: features of a case, how much it weighs, and whether it is one of those that are looked for. */
export type Example = { readonly features: readonly number[]; readonly isPositive: boolean; readonly weight: number }

/** A linear model over features of a fixed order; the score is a probability only as far as it was calibrated. */
export type LinearModel = {
  readonly features: readonly string[]
  readonly weights: readonly number[]
  readonly bias: number
}

/** 1: may only speak for, -1: only against, 0: either. Fixed by what a feature means, so that few examples cannot turn it round. */
export type Sign = -1 | 0 | 1

export type FitOptions = {
  readonly features: readonly string[]
  readonly signs: readonly Sign[]
  /** Strength of the pull of every weight towards nothing, or towards what it was in `prior`. */
  readonly ridge: number
  readonly steps: number
  /** Where the fit begins, and what it is pulled to: few examples change it a little. */
  readonly prior?: LinearModel
}

/**
 * Fits a logistic regression whose weights keep their signs, by projected gradient descent with momentum. Deterministic: no randomness,
 * a fixed number of steps. Features are used as they are: signals lie between 0 and 1.
 */
export function fitLogistic(
  examples: readonly Example[],
  { features, signs, ridge, steps, prior }: FitOptions,
): LinearModel {
  const pull = features.map((_, i) => prior?.weights[i] ?? 0)
  const weights = [...pull]
  const velocity = features.map(() => 0)
  let bias = prior?.bias ?? 0
  let biasVelocity = 0
  const total = examples.reduce((sum, { weight }) => sum + weight, 0)
  if (total === 0) return { features, weights, bias }
  for (let step = 0; step < steps; step++) {
    const gradient = weights.map((weight, i) => ridge * (weight - (pull[i] ?? 0)))
    let biasGradient = prior === undefined ? 0 : ridge * (bias - prior.bias)
    for (const { features: values, isPositive, weight } of examples) {
      const error = ((sigmoid(dot(weights, values) + bias) - (isPositive ? 1 : 0)) * weight) / total
      for (const [i, value] of values.entries()) gradient[i] = (gradient[i] ?? 0) + error * value
      biasGradient += error
    }
    const rate = RATE / (1 + step / steps)
    for (const [i, slope] of gradient.entries()) {
      velocity[i] = MOMENTUM * (velocity[i] ?? 0) - rate * slope
      weights[i] = signed((weights[i] ?? 0) + (velocity[i] ?? 0), signs[i] ?? 0)
    }
    biasVelocity = MOMENTUM * biasVelocity - rate * biasGradient
    bias += biasVelocity
  }
  return { features, weights, bias }
}

const RATE = 2
const MOMENTUM = 0.9

/** The log-odds that a model gives a case. */
export function scoreOf(model: LinearModel, values: readonly number[]): number {
  return dot(model.weights, values) + model.bias
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0
  for (const [i, value] of a.entries()) sum += value * (b[i] ?? 0)
  return sum
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

function signed(weight: number, sign: Sign): number {
  return sign === 0 || Math.sign(weight) === sign ? weight : 0
}
