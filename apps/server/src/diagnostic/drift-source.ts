import type { DriftChangeWire } from '@holdfast/api'
import type { DriftFact, DriftFacts } from '@holdfast/reconcile'
import type { ViewsClient } from '../views/client.ts'
import { askView } from './ask-view.ts'
import type { QuestionSource } from './question-source.ts'

/** Days of the report. */
const DAYS = 30

/** Q4 and C8: the report of drift of thirty days. */
export function driftSource(views: Pick<ViewsClient, 'ask'>): QuestionSource<DriftFacts> {
  return async ({ agent, at, isChosen }, now) => {
    const drift = await askView(views, 'getDrift', { agent, query: { days: DAYS, ...(isChosen ? { at } : {}) }, now })
    if (drift === undefined) return undefined
    const { from, asOf, profile, evolution, risky, changes, silent, cut } = drift
    return {
      from,
      to: asOf,
      ...(profile.judgedFrom === undefined ? {} : { judgedFrom: profile.judgedFrom }),
      profileDays: profile.days,
      executions: profile.executions,
      changes: [...evolution, ...risky].map(factOf),
      deploys: changes.map((change) => ({ at: change.at, entry: change.entry })),
      silent: [...new Set(silent.map(({ date }) => date))],
      leftOut: cut,
    }
  }
}

function factOf({ at, side, severity, entries, change, decision }: DriftChangeWire): DriftFact {
  const explainedBy = change?.entry ?? (decision?.verdict === 'evolution' ? decision.entry : undefined)
  return { at, side, severity, entries, ...(explainedBy === undefined ? {} : { explainedBy }) }
}
