import { type Detector, findingOf, ORDINARY, trainOn } from './detector.ts'
import { type Learned, type LearnedGoal, learnGoals } from './goals.ts'
import { MAX_CASES_NAMED } from './limits.ts'
import type { LearnedCall } from './traits.ts'
import { finished, type StepsOfWork } from '../steps-of-work.ts'

/** A case that a person judged, or an ordinary one that nobody complained of. */
export type LearningCase = {
  readonly id: string
  readonly agent: string
  readonly calls: readonly LearnedCall[]
  /** The calls that the incident is about; empty where there is none. */
  readonly acts: readonly LearnedCall[]
}

export type LearningCases = {
  readonly confirmed: readonly LearningCase[]
  /** What was called an incident and is none by a person's word. */
  readonly dismissed: readonly LearningCase[]
  readonly ordinary: readonly LearningCase[]
}

/** How a detector does on kept cases. */
export type KeptFigures = {
  readonly confirmed: { readonly found: number; readonly cases: number }
  readonly ordinary: { readonly called: number; readonly cases: number }
}

/** What a version was learned from, and what became of it. */
export type DataCard = {
  readonly confirmed: number
  readonly dismissed: number
  readonly ordinary: number
  readonly agents: number
  readonly goals: number
  /** Incidents whose goal would call ordinary cases as well: nothing is learned of them. */
  readonly goalsRefused: readonly {
    readonly incident: string
    readonly ordinaryCases: number
    /** Some of them, to be looked at: they may be incidents that nobody found. */
    readonly such: readonly string[]
  }[]
  /** On cases that the weights were not trained on, before and after. */
  readonly kept: { readonly before: KeptFigures; readonly after: KeptFigures }
}

export type LearningOutcome =
  | { readonly status: 'accepted'; readonly detector: Detector; readonly card: DataCard }
  | { readonly status: 'refused'; readonly why: string; readonly card: DataCard }

/** One case in three is kept back where there are enough. */
const KEPT_SHARE = 3
const LEAST_TO_KEEP = 3

/**
 * Learns from what people decided in one installation: the goals of confirmed incidents, and weights that are trained on
 * from `base`. It is accepted only if it is no worse on kept cases, agent by agent, so that what one confirms can hide
 * nothing of another's. Dismissals are kept against false positives; they take no detection away. Deterministic: the
 * order of the cases changes nothing.
 */
export function learn(base: Detector, cases: LearningCases, salt: string): LearningOutcome {
  return finished(learning(base, cases, salt))
}

/** The same step by step. */
export function* learning(base: Detector, cases: LearningCases, salt: string): StepsOfWork<LearningOutcome> {
  const { confirmed, dismissed, ordinary } = sorted(cases)
  const { learned, refused } = yield* goalsThatHold(base, { confirmed, dismissed, ordinary }, salt)
  const parts = {
    train: partOf({ confirmed, dismissed, ordinary }, false),
    kept: partOf({ confirmed, dismissed, ordinary }, true),
  }
  // Goals are held against all ordinary cases above, so what is kept back here tries the weights.
  const triedGoals = (yield* goalsThatHold(base, parts.train, salt)).learned
  const tried = withGoals(trained(base, parts.train), triedGoals)
  yield
  const before = figuresOf(base, parts.kept)
  const after = figuresOf(tried, parts.kept)
  const card: DataCard = {
    confirmed: confirmed.length,
    dismissed: dismissed.length,
    ordinary: ordinary.length,
    agents: new Set(confirmed.map(({ agent }) => agent)).size,
    goals: learned.goals.length,
    goalsRefused: refused,
    kept: { before, after },
  }
  const why = confirmed.length === 0 ? 'nobody confirmed an incident yet' : worse(base, tried, parts.kept)
  if (why !== undefined) return { status: 'refused', why, card }
  const detector = withGoals(trained(base, { confirmed, dismissed, ordinary }), learned)
  const late = worse(base, detector, { confirmed, dismissed, ordinary })
  return late === undefined ? { status: 'accepted', detector, card } : { status: 'refused', why: late, card }
}

/** The goals of confirmed incidents without those that would call a case that is none. */
function* goalsThatHold(
  base: Detector,
  { confirmed, dismissed, ordinary }: LearningCases,
  salt: string,
): StepsOfWork<{ readonly learned: Learned; readonly refused: DataCard['goalsRefused'] }> {
  const acts = confirmed.flatMap(({ id, agent, acts: own }) =>
    own.flatMap(({ traits }) => (traits === undefined ? [] : [{ incident: id, agent, traits }])),
  )
  const refused: { incident: string; ordinaryCases: number; such: readonly string[] }[] = []
  const none = [...dismissed, ...ordinary]
  const goals: LearnedGoal[] = []
  for (const goal of learnGoals(acts, salt)) {
    yield
    const only: Detector = { ...base, learned: { goals: [goal], salt } }
    const called = none.filter((one) => isFound(only, one) && !isFound(base, one)).map(({ id }) => id)
    if (called.length > 0)
      refused.push({
        incident: goal.incidents[0] ?? '',
        ordinaryCases: called.length,
        such: called.slice(0, MAX_CASES_NAMED),
      })
    else goals.push(goal)
  }
  return { learned: { goals, salt }, refused }
}

function trained(base: Detector, { confirmed, dismissed, ordinary }: LearningCases): Detector {
  const none = [...dismissed, ...ordinary].filter(({ calls }) => calls.length > 0)
  if (none.length === 0) return base
  return trainOn(base, [
    ...confirmed.map(({ agent, acts }) => ({ isIncident: true, goal: agent, calls: acts })),
    ...none.map(({ calls }) => ({ isIncident: false, goal: '', calls })),
  ])
}

function withGoals({ version, channels }: Detector, learned: Learned): Detector {
  return { version, channels, learned }
}

function isFound(detector: Detector, { calls }: LearningCase): boolean {
  return calls.some((call) => call.hasEffect && findingOf(call, detector, ORDINARY) !== undefined)
}

function figuresOf(detector: Detector, { confirmed, dismissed, ordinary }: LearningCases): KeptFigures {
  const none = [...dismissed, ...ordinary]
  return {
    confirmed: { found: confirmed.filter((one) => isFound(detector, one)).length, cases: confirmed.length },
    ordinary: { called: none.filter((one) => isFound(detector, one)).length, cases: none.length },
  }
}

/** Why the new one is worse than the old one on some cases; undefined where it is not. */
function worse(
  before: Detector,
  after: Detector,
  { confirmed, dismissed, ordinary }: LearningCases,
): string | undefined {
  const none = [...dismissed, ...ordinary]
  const called = none.filter((one) => isFound(after, one)).length
  const was = none.filter((one) => isFound(before, one)).length
  if (called > was) return `${called} of ${none.length} ordinary cases would be called an incident, and ${was} are`
  for (const [agent, own] of Map.groupBy(confirmed, (one) => one.agent)) {
    const lost = own.filter((one) => isFound(before, one) && !isFound(after, one)).length
    if (lost > 0) return `${lost} confirmed incidents of ${agent.slice(0, 100)} would no longer be found`
  }
  return undefined
}

/** Every third one is kept, where there are enough of its kind. */
function partOf({ confirmed, dismissed, ordinary }: LearningCases, isKept: boolean): LearningCases {
  const part = (cases: readonly LearningCase[]): readonly LearningCase[] =>
    cases.length < LEAST_TO_KEEP
      ? isKept
        ? []
        : cases
      : cases.filter((_, i) => (i % KEPT_SHARE === KEPT_SHARE - 1) === isKept)
  return { confirmed: part(confirmed), dismissed: part(dismissed), ordinary: part(ordinary) }
}

function sorted({ confirmed, dismissed, ordinary }: LearningCases): LearningCases {
  const byId = (cases: readonly LearningCase[]): readonly LearningCase[] =>
    cases.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  return { confirmed: byId(confirmed), dismissed: byId(dismissed), ordinary: byId(ordinary) }
}
