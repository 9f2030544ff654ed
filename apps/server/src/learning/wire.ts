import type { LearningWire } from '@holdfast/api'
import { formatRfc3339 } from '@holdfast/model'
import type { Taught } from './taught.ts'
import type { Learning } from './learnings.ts'

/** What is recorded as figures of one change. */
export type RecordedFigures = Pick<Taught, 'verdict' | 'figures' | 'tried' | 'steps'>

/** Figures as this server recorded them: nobody else writes control records. */
export function figuresIn({ figures }: Pick<Learning, 'figures'>): RecordedFigures | undefined {
  return figures === undefined ? undefined : (JSON.parse(figures) as RecordedFigures)
}

export function learningWire(learning: Learning): LearningWire {
  const { id, incident, state, change, by, at, entry, reason } = learning
  const recorded = figuresIn(learning)
  const isFirstStep = state === 'refused' && recorded?.verdict.status === 'first-step'
  // The answer is written as JSON, for which read-only lists are lists.
  return {
    id,
    incident,
    state: isFirstStep ? 'first-step' : state,
    why: state === 'applied' || state === 'withdrawn' ? reason : (recorded?.verdict.why ?? reason),
    by,
    at: formatRfc3339(at),
    entry,
    ...(change.rule === undefined ? {} : { rule: change.rule }),
    refinements: change.refinements,
    ...(recorded === undefined ? {} : { figures: recorded.figures, tried: recorded.tried }),
    steps: recorded?.steps ?? [],
  } as unknown as LearningWire
}
