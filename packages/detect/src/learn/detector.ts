import { calibrated, calibrationOf } from './calibrate.ts'
import { type Learned, type LearnedGoal, likeliest } from './goals.ts'
import type { LearnedCall } from './traits.ts'
import { atRate, type Channel, type ChannelModel, callScore, passes, type TrainingRun, trainChannel } from './train.ts'

/** What the verdict on a call rests on. `behaviour` stands alone: it is for where texts may not be looked at. */
export type Basis = 'instruction' | 'destination' | 'behaviour'

/** Weights of the three channels, with what they were fitted to. */
export type Detector = {
  readonly version: number
  readonly channels: Readonly<Record<Basis, ChannelModel>>
  /** Goals of incidents that somebody confirmed in this installation. They add to what is found and take nothing away. */
  readonly learned?: Learned
}

const CHANNEL_OF: Readonly<Record<Basis, Channel>> = {
  instruction: 'provenance',
  destination: 'behaviour',
  behaviour: 'behaviour',
}

/** Raised whenever weights of an older version would no longer mean the same. */
export const DETECTOR_VERSION = 2

/** Share of benign runs that each basis may call an incident: together they stay within one in a hundred. */
const RATES: Readonly<Record<Basis, number>> = { instruction: 0.01, destination: 0.005, behaviour: 0.005 }

const GATES: Readonly<Record<Basis, ChannelModel['gate']>> = {
  instruction: 'grounded',
  destination: 'lifted',
  behaviour: 'acting',
}

/** Learns the three channels from recorded runs. Deterministic. */
export function trainDetector(runs: readonly TrainingRun[]): Detector {
  const instruction = trainChannel(runs, 'provenance', { gate: GATES.instruction, rate: RATES.instruction })
  const behaviour = trainChannel(runs, 'behaviour', { gate: GATES.behaviour, rate: RATES.behaviour })
  // The same weights: what differs is which calls they are asked about.
  const destination = atRate(
    runs,
    { ...behaviour, gate: GATES.destination },
    { channel: 'behaviour', rate: RATES.destination },
  )
  return { version: DETECTOR_VERSION, channels: { instruction, destination, behaviour } }
}

/** Trains on from weights that are there, with the runs of one installation. Thresholds and confidences stay. Deterministic. */
export function trainOn(base: Detector, runs: readonly TrainingRun[]): Detector {
  const instruction = trainChannel(runs, 'provenance', {
    gate: GATES.instruction,
    rate: RATES.instruction,
    prior: base.channels.instruction,
  })
  const behaviour = trainChannel(runs, 'behaviour', {
    gate: GATES.behaviour,
    rate: RATES.behaviour,
    prior: base.channels.behaviour,
  })
  const { features, weights, bias } = behaviour
  const destination = { ...base.channels.destination, features, weights, bias }
  return { ...base, channels: { instruction, destination, behaviour } }
}

/** The same weights with every threshold set so that this share of the benign runs passes it. */
export function detectorAt(runs: readonly TrainingRun[], { version, channels }: Detector, rate: number): Detector {
  const at = (basis: Basis): ChannelModel => atRate(runs, channels[basis], { channel: CHANNEL_OF[basis], rate })
  return {
    version,
    channels: { instruction: at('instruction'), destination: at('destination'), behaviour: at('behaviour') },
  }
}

/** `learned`: it is the deed of incidents that somebody confirmed. */
export type Finding = {
  readonly basis: Basis | 'learned'
  readonly score: number
  readonly confidence: number
  readonly goal?: LearnedGoal
}

/** What speaks for an incident in one call, the strongest basis first; undefined where nothing does. */
export function findingOf(
  call: LearnedCall,
  { channels, learned }: Detector,
  bases: readonly Basis[],
): Finding | undefined {
  for (const basis of bases) {
    const model = channels[basis]
    const score = callScore(call, { ...model, channel: CHANNEL_OF[basis] })
    if (score !== undefined && passes(score, model.threshold))
      return { basis, score, confidence: confidence(score, model) }
  }
  const like = learned === undefined || !call.hasEffect ? undefined : likeliest(call, learned)
  if (like === undefined) return undefined
  const { goal, likeness } = like
  return { basis: 'learned', score: likeness, confidence: likeness * trust(goal.count), goal }
}

/** True for a call without an effect that names what a confirmed incident did: a first step towards it. */
export function isLearnedStep(call: LearnedCall, { learned }: Detector): boolean {
  return learned !== undefined && !call.hasEffect && likeliest(call, learned) !== undefined
}

/** One confirmed incident may hold much that is chance. */
function trust(incidents: number): number {
  return (incidents + 2) / (incidents + 3)
}

/** A recorded run to calibrate on: also one in which an instruction was resisted, which is none, or carried out in part. */
export type CalibrationRun = { readonly isRight: boolean; readonly calls: readonly LearnedCall[] }

/** The same weights with confidences that say how often findings of their score were right. */
export function calibrate(detector: Detector, runs: readonly CalibrationRun[]): Detector {
  const of = (basis: Basis): ChannelModel => {
    const { calibration: _before, ...model } = detector.channels[basis]
    const outcomes = runs.flatMap(({ isRight, calls }) => {
      const scores = calls.flatMap((call) => {
        const finding = findingOf(call, detector, basis === 'behaviour' ? ['behaviour'] : ORDINARY)
        return finding?.basis === basis ? [finding.score] : []
      })
      return scores.length === 0 ? [] : [{ score: Math.max(...scores), isRight }]
    })
    const calibration = calibrationOf(outcomes)
    return calibration === undefined ? model : { ...model, calibration }
  }
  return {
    ...detector,
    channels: { instruction: of('instruction'), destination: of('destination'), behaviour: of('behaviour') },
  }
}

/** The bases of an ordinary verdict: what a text asked for, then where a value stood. */
export const ORDINARY: readonly Basis[] = ['instruction', 'destination']

/** Never certain: the runs that it was fitted to are not the runs that it meets. */
const MOST = 0.97
/** Part of the confidence that the score has no say in. */
const SURE = 0.75

function confidence(score: number, { precision, calibration }: ChannelModel): number {
  if (calibration !== undefined) return calibrated(score, calibration)
  return Math.min(MOST, precision * (SURE + (1 - SURE) / (1 + Math.exp(-score))))
}
