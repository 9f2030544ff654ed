import type { ScoredCall } from '../provenance/features.ts'
import type { LearnedCall } from './traits.ts'
import { BEHAVIOUR_FEATURES, type Feature, FULL_FEATURES } from '../provenance/features.ts'
import type { Calibration } from './calibrate.ts'
import { type Example, fitLogistic, type LinearModel, scoreOf } from './logistic.ts'

/** `provenance` looks at where values and instructions came from; `behaviour` never at how an untrusted text is worded. */
export type Channel = 'provenance' | 'behaviour'

/** Which calls may be an incident: grounded by a text; made at a destination out of one; or, without a look at texts, any act. */
export type Gate = 'grounded' | 'lifted' | 'acting'

/** One recorded run to learn from: which of its calls is the attacker's act nobody says. */
export type TrainingRun = {
  readonly isIncident: boolean
  /** Runs of one attack goal: together they count for little more than one. */
  readonly goal: string
  readonly calls: readonly LearnedCall[]
}

export type ChannelModel = LinearModel & {
  /** Score that a call must exceed; null where what grounds a call decides alone. */
  readonly threshold: number | null
  readonly gate: Gate
  /** Share of incidents among the runs that pass, of those it was fitted to; with one more of each, since none is certain. */
  readonly precision: number
  /** What a score says, by what findings of recorded runs turned out to be; absent, the precision says it. */
  readonly calibration?: Calibration
}

export type TrainOptions = {
  readonly gate: Gate
  /** Share of the benign runs that may pass the threshold. */
  readonly rate: number
  /** Weights to go on from: they are changed a little, and the threshold and the precision stay. */
  readonly prior?: ChannelModel
}

const ROUNDS = 4
const STEPS = 300
const RIDGE = 5e-4
/** What an installation has is a few incidents of one kind: they move weights that thousands of runs gave only a little. */
const PRIOR_RIDGE = 0.05
const PRIOR_STEPS = 100
/** A benign run has many calls, an attacked one has one act. */
const POSITIVE_WEIGHT = 20

/**
 * Fits the weights of a channel, and the threshold that `rate` of the benign runs pass. The act of an attacked run is
 * the call that the model of the round before scores highest; the first round takes the one that most of the signals speak for.
 * Deterministic; the order of the runs changes nothing but rounding.
 */
export function trainChannel(
  runs: readonly TrainingRun[],
  channel: Channel,
  { gate, rate, prior }: TrainOptions,
): ChannelModel {
  const features = featuresOf(channel)
  const positives = runs.filter((run) => run.isIncident && run.calls.length > 0)
  const goals = new Map<string, number>()
  for (const { goal } of positives) goals.set(goal, (goals.get(goal) ?? 0) + 1)
  const negatives = merged(
    runs.filter((run) => !run.isIncident).flatMap((run) => run.calls.map((call) => call[channel])),
  )
  let model: LinearModel = prior ?? { features: [], weights: [], bias: 0 }
  for (let round = 0; round < (prior === undefined ? ROUNDS : 1); round++) {
    const acts = positives.map(({ goal, calls }): Example => {
      const act = calls.reduce((best, call) => (rank(call, model, channel) > rank(best, model, channel) ? call : best))
      return { features: act[channel], isPositive: true, weight: POSITIVE_WEIGHT / Math.sqrt(goals.get(goal) ?? 1) }
    })
    model = fitLogistic([...acts, ...negatives], {
      features: features.map(({ name }) => name),
      signs: features.map(({ sign }) => sign),
      ridge: prior === undefined ? RIDGE : PRIOR_RIDGE,
      steps: prior === undefined ? STEPS : PRIOR_STEPS,
      ...(prior === undefined ? {} : { prior }),
    })
  }
  const rounded = { ...model, weights: model.weights.map(six), bias: six(model.bias) }
  if (prior !== undefined) return { ...prior, ...rounded }
  const gated = { ...rounded, channel, gate }
  const threshold = thresholdFor(runs, gated, rate)
  return { ...rounded, gate, threshold, precision: six(precisionOf(runs, gated, threshold)) }
}

/** Six digits: what lies beyond differs from one machine's exponential function to another's. */
function six(value: number): number {
  return Number(value.toFixed(6))
}

/** The same weights with the threshold that another share of the benign runs passes. */
export function atRate(
  runs: readonly TrainingRun[],
  model: ChannelModel,
  { channel, rate }: { readonly channel: Channel; readonly rate: number },
): ChannelModel {
  const gated = { ...model, channel }
  const threshold = thresholdFor(runs, gated, rate)
  return { ...model, threshold, precision: six(precisionOf(runs, gated, threshold)) }
}

/** A model with the features that it reads and the calls that it is asked about. */
export type Gated = LinearModel & { readonly channel: Channel; readonly gate: Gate }

function featuresOf(channel: Channel): readonly Feature[] {
  return channel === 'provenance' ? FULL_FEATURES : BEHAVIOUR_FEATURES
}

/** Score of the call that speaks loudest for an incident; undefined where none may. */
function runScore(calls: readonly ScoredCall[], model: Gated): number | undefined {
  let best: number | undefined
  for (const call of calls) {
    const score = callScore(call, model)
    if (score !== undefined && (best === undefined || score > best)) best = score
  }
  return best
}

/** Score of one call; undefined where it may not be an incident at all. */
export function callScore(call: ScoredCall, model: Gated): number | undefined {
  const isOpen = model.gate === 'grounded' ? call.isGrounded : model.gate === 'acting' || call.isLifted
  return call.hasEffect && isOpen ? scoreOf(model, call[model.channel]) : undefined
}

/** Whether a score passes; a threshold of null is passed by all that may be an incident. */
export function passes(score: number | undefined, threshold: number | null): boolean {
  return score !== undefined && (threshold === null || score > threshold)
}

/** Before there is a model, the sum of the features that speak for an incident. */
function rank(call: ScoredCall, model: LinearModel, channel: Channel): number {
  if (model.features.length > 0) return scoreOf(model, call[channel])
  return featuresOf(channel).reduce((sum, { sign }, i) => sum + sign * (call[channel][i] ?? 0), 0)
}

/** The score that a share of the benign runs exceeds; null where fewer have one at all. */
function thresholdFor(runs: readonly TrainingRun[], model: Gated, rate: number): number | null {
  const benign = runs.filter((run) => !run.isIncident)
  const scores = benign.flatMap(({ calls }) => runScore(calls, model) ?? []).toSorted((a, b) => b - a)
  return scores[Math.floor(rate * benign.length)] ?? null
}

function precisionOf(runs: readonly TrainingRun[], model: Gated, threshold: number | null): number {
  const passed = runs.filter(({ calls }) => passes(runScore(calls, model), threshold))
  return (passed.filter((run) => run.isIncident).length + 1) / (passed.length + 2)
}

/** Benign calls are alike by the thousand: one example with their weight together. */
function merged(calls: readonly (readonly number[])[]): readonly Example[] {
  const counts = new Map<string, { readonly features: readonly number[]; weight: number }>()
  for (const features of calls) {
    const key = features.join(' ')
    const known = counts.get(key)
    if (known === undefined) counts.set(key, { features, weight: 1 })
    else known.weight++
  }
  return [...counts.values()].map(({ features, weight }) => ({ features, weight, isPositive: false }))
}
