import type { Projection } from '../views/projection.ts'
import { foldDrift } from './fold-drift.ts'

/** What each agent did, execution by execution, with recorded changes and verdicts: what drift is judged from (packages/reconcile). */
export const driftProjection: Projection = { name: 'drift', version: 3, fold: foldDrift }
