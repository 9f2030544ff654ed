import type { ScoredCall } from '../provenance/features.ts'
import { type Channel, type ChannelModel, callScore, passes, type TrainingRun, trainChannel } from './train.ts'

/** What the verdict on a call rests on. `behaviour` stands alone: it is for where texts may not be looked at. */
export type Basis = 'instruction' | 'destination' | 'behaviour'

/** Weights of the three channels, with what they were fitted to. */
export type Detector = {
  readonly version: number
  readonly channels: Readonly<Record<Basis, ChannelModel>>
}

const CHANNEL_OF: Readonly<Record<Basis, Channel>> = {
  instruction: 'provenance',
  destination: 'behaviour',
  behaviour: 'behaviour',
}

/** Raised whenever weights of an older version would no longer mean the same. */
const DETECTOR_VERSION = 1

/** Share of benign runs that each basis may call an incident: together they stay within one in a hundred. */
const RATES: Readonly<Record<Basis, number>> = { instruction: 0.01, destination: 0.005, behaviour: 0.005 }

/** Learns the three channels from recorded runs. Deterministic. */
export function trainDetector(
  runs: readonly TrainingRun[],
  rates: Readonly<Partial<Record<Basis, number>>> = {},
): Detector {
  const channel = (basis: Basis, gate: ChannelModel['gate']): ChannelModel =>
    rounded(trainChannel(runs, CHANNEL_OF[basis], { gate, rate: rates[basis] ?? RATES[basis] }))
  return {
    version: DETECTOR_VERSION,
    channels: {
      instruction: channel('instruction', 'grounded'),
      destination: channel('destination', 'lifted'),
      behaviour: channel('behaviour', 'acting'),
    },
  }
}

export type Finding = { readonly basis: Basis; readonly score: number; readonly confidence: number }

/** What speaks for an incident in one call, the strongest basis first; undefined where nothing does. */
export function findingOf(call: ScoredCall, { channels }: Detector, bases: readonly Basis[]): Finding | undefined {
  for (const basis of bases) {
    const model = channels[basis]
    const score = callScore(call, { ...model, channel: CHANNEL_OF[basis] })
    if (score !== undefined && passes(score, model.threshold))
      return { basis, score, confidence: confidence(score, model) }
  }
  return undefined
}

/** The bases of an ordinary verdict: what a text asked for, then where a value stood. */
export const ORDINARY: readonly Basis[] = ['instruction', 'destination']

/** Never certain: the runs that it was fitted to are not the runs that it meets. */
const MOST = 0.97
/** Part of the confidence that the score has no say in. */
const SURE = 0.75

function confidence(score: number, { precision }: ChannelModel): number {
  return Math.min(MOST, precision * (SURE + (1 - SURE) / (1 + Math.exp(-score))))
}

/** Six digits: what lies beyond differs from one machine's exponential function to another's. */
function rounded(model: ChannelModel): ChannelModel {
  const six = (value: number): number => Number(value.toFixed(6))
  return {
    ...model,
    weights: model.weights.map(six),
    bias: six(model.bias),
    // Upwards: what is as high as the threshold must not pass it.
    threshold: model.threshold === null ? null : Math.ceil(model.threshold * 1e6) / 1e6,
    precision: six(model.precision),
  }
}
