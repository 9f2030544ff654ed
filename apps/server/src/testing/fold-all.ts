import { FoldTurns } from '../views/fold-turn.ts'
import type { OpenViews } from '../views/open-views.ts'

/** Folds the log to its end, as the worker does turn by turn. */
export function foldAll({ reader, projections }: Pick<OpenViews, 'reader' | 'projections'>): void {
  const turns = new FoldTurns(reader, projections)
  while (turns.turn().inputs.length > 0);
}

/** Until nothing waits: a case that was just judged rests for a moment, and is then judged again. */
export function judgeAll({ judge }: Pick<OpenViews, 'judge'>): void {
  while (judge.waiting() > 0) judge.turn(1_000)
}
