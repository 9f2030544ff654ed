import {
  INCIDENT_TYPES,
  type EvidenceLine,
  type IncidentType,
  type Signal,
  type TrustTier,
  type TypeAssessment,
} from '@holdfast/model'
import { alikeLines, alikeSignals } from './alike.ts'
import { against, lineOf, missing } from './columns.ts'
import type { CaseEvidence, Doubt } from './evidence.ts'
import { MAKES_INCIDENT, MAX_REFERENCES } from './limits.ts'

/** One type by name, others beside it, and how sure. */
export type Classification = {
  readonly outcome: 'incident' | 'attempt'
  readonly type: IncidentType
  readonly contributing: readonly IncidentType[]
  readonly confidence: number
  readonly caps: readonly string[]
  readonly scores: Readonly<Record<IncidentType, number>>
}

const MAKES_ATTEMPT = 0.3
/** Proven input tampering makes reasoning compromise primary: what follows from it is permitted or not, but not the cause. */
const PROVEN_TAMPERING = 0.6
const CONTRIBUTES = 0.4
/** What of a departure's strength counts for the cause that a text gives the same deed. */
const CORROBORATES = 0.3
/** What a signal counts for that only the agent itself tells, or a boundary. */
const TIER_WEIGHT: Readonly<Record<TrustTier, number>> = {
  kernel: 1,
  provider: 1,
  boundary: 0.95,
  'self-reported': 0.85,
}
/** No conclusion on self-reported evidence alone is surer than this. */
const SELF_REPORTED_CAP = 0.7

/** What signals amount to; undefined where they make neither an incident nor an attempt. */
export function classify(signals: readonly Signal[]): Classification | undefined {
  const named = signals.filter(({ speaksFor }) => speaksFor !== undefined)
  const strongest = Math.max(0, ...named.map(({ strength }) => strength))
  // That something was new is no step towards anything, and a token that was read is many a program's work.
  const isStep = named.some(
    ({ source, speaksFor, strength }) =>
      source !== 'profile' && speaksFor === 'reasoning-compromise' && strength >= MAKES_ATTEMPT,
  )
  if (strongest < MAKES_INCIDENT && !isStep) return undefined
  const scores = scoresOf(named)
  const type = primaryOf(scores)
  // Without a deed that reached beyond the agent there is no incident of its reasoning, however plain the instruction.
  const outcome = strongest >= MAKES_INCIDENT ? 'incident' : 'attempt'
  const own = named.filter(({ speaksFor }) => speaksFor === type)
  const isClaim = own.every(({ tier }) => tier === 'self-reported')
  const score = scores[type]
  return {
    outcome,
    type,
    contributing: INCIDENT_TYPES.filter((other) => other !== type && scores[other] >= CONTRIBUTES),
    confidence: rounded(isClaim ? Math.min(score, SELF_REPORTED_CAP) : score),
    caps: [
      ...(isClaim
        ? [
            `all of it is what the agent tells of itself, so the confidence is at most ${SELF_REPORTED_CAP} and nobody is paged on it`,
          ]
        : []),
      ...(own.every(isReported)
        ? ['a person reported it: no act shows it while it goes on (state-detectable), so nobody is paged on it']
        : []),
    ],
    scores,
  }
}

/** The three columns. */
export function assess(
  { type, contributing, scores, confidence }: Classification,
  { signals, sight, doubts }: { readonly signals: readonly Signal[] } & Pick<CaseEvidence, 'sight' | 'doubts'>,
): readonly TypeAssessment[] {
  return INCIDENT_TYPES.map((column): TypeAssessment => {
    const speaking = signals.filter(({ speaksFor }) => (speaksFor ?? type) === column)
    const lines: readonly EvidenceLine[] = alikeSignals(speaking)
      .toSorted((a, b) => b.strongest.strength - a.strongest.strength)
      .map(lineOf)
    return {
      type: column,
      role: column === type ? 'primary' : contributing.includes(column) ? 'contributing' : 'not-supported',
      confidence: column === type ? confidence : rounded(scores[column]),
      for: lines,
      against: [...against(column, { signals: speaking, sight }), ...doubtsOf(column, doubts)],
      missing: missing(column, sight),
    }
  })
}

/** The word of a person, and what was looked for because of it. */
function isReported({ detector }: Signal): boolean {
  return detector.startsWith('report/') || detector.startsWith('retrieval/')
}

function doubtsOf(type: IncidentType, doubts: readonly Doubt[]): readonly EvidenceLine[] {
  const own = doubts
    .filter(({ speaksFor = 'reasoning-compromise' }) => speaksFor === type)
    .map(({ speaksFor: _speaksFor, ...line }) => line)
  return alikeLines(own).slice(0, MAX_REFERENCES)
}

/** Several signals of one type confirm each other; each repeat of one detector on one thing counts for less. */
function scoresOf(signals: readonly Signal[]): Readonly<Record<IncidentType, number>> {
  const scoreOf = (type: IncidentType): number => {
    const strengths = [
      ...Map.groupBy(
        signals.filter(({ speaksFor }) => speaksFor === type),
        // All that departs from one profile is one witness: a new tool brings a new order of tools with it.
        ({ detector, source }) => (source === 'profile' ? 'profile' : detector),
      ).values(),
    ].map((some) => Math.max(...some.map(({ strength, tier }) => strength * TIER_WEIGHT[tier])))
    return 1 - strengths.reduce((left, strength) => left * (1 - strength), 1)
  }
  return {
    'runtime-execution-escape': scoreOf('runtime-execution-escape'),
    'privilege-boundary-escape': scoreOf('privilege-boundary-escape'),
    'reasoning-compromise': corroborated(scoreOf('reasoning-compromise'), signals),
  }
}

/**
 * That a deed which a foreign text explains is also unlike all that the agent did before is a second witness of the same story: it
 * says nothing of a cause by itself, and makes the one that is told likelier.
 */
function corroborated(score: number, signals: readonly Signal[]): number {
  const deeds = new Set(
    signals.flatMap(({ speaksFor, deed }) =>
      speaksFor === 'reasoning-compromise' && deed !== undefined ? [deed] : [],
    ),
  )
  const beside = signals
    .filter(({ source, events }) => source === 'profile' && events.some((event) => deeds.has(event)))
    .map(({ strength, tier }) => strength * TIER_WEIGHT[tier])
  return 1 - (1 - score) * (1 - CORROBORATES * Math.max(0, ...beside))
}

function primaryOf(scores: Readonly<Record<IncidentType, number>>): IncidentType {
  if (scores['reasoning-compromise'] >= PROVEN_TAMPERING) return 'reasoning-compromise'
  // Equal scores go to the earlier type: what a kernel saw is the harder fact.
  return INCIDENT_TYPES.reduce((best, type) => (scores[type] > scores[best] ? type : best))
}

function rounded(score: number): number {
  return Math.round(score * 100) / 100
}
