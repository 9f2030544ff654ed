import type { ConvergenceFacts } from '@holdfast/reconcile'
import type { StatementField } from '@holdfast/model'
import type { ViewsClient } from '../views/client.ts'
import type { Statements } from '../response/statements.ts'
import { askView } from './ask-view.ts'
import { CHART_ENTRIES, CHART_PROOFS } from './limits.ts'
import type { QuestionSource } from './question-source.ts'

type Sources = { readonly views: Pick<ViewsClient, 'ask'>; readonly statements: Pick<Statements, 'of'> }

/** Q2, C3 and C5: the chart, the verdict and the track, with log positions of what they rest on. */
export function convergenceSource({ views, statements }: Sources): QuestionSource<ConvergenceFacts> {
  return async ({ agent, at, isChosen }, now) => {
    const query = isChosen ? { at } : {}
    const baseline = await askView(views, 'getBaseline', { agent, query, now })
    if (baseline === undefined) return undefined
    const { status, verdict, since, partial, firstDay, lastDay, observations, marks, dimensions, limits, track } =
      baseline
    return {
      status,
      verdict,
      ...(since === undefined ? {} : { since }),
      ...(partial === undefined ? {} : { partial }),
      ...(firstDay === undefined ? {} : { firstDay }),
      ...(lastDay === undefined ? {} : { lastDay }),
      observations,
      exclusions: marks
        .filter(({ mark, state }) => mark === 'contaminated' && state === 'active')
        .map(({ reason, entry }) => ({ reason, entry })),
      dimensions: dimensions.map(({ dimension, converged, days }) => ({
        dimension,
        converged,
        days: days.map(({ date, distance, spread, within }) => ({
          date,
          distance,
          ...(spread === undefined ? {} : { spread }),
          within,
        })),
      })),
      spreadLimit: limits.spread,
      entries: await proofsOf(views, { agent, query, now }),
      track: {
        track: track.track,
        reasons: track.reasons,
        obstacles: track.obstacles,
        ...(track.dataClasses === undefined ? {} : { dataClasses: track.dataClasses }),
      },
      statements: STATED.flatMap((field) => {
        const stated = statements.of(agent, field)
        return stated === undefined ? [] : [{ field, entry: stated.entry }]
      }),
    }
  }
}

const STATED: readonly StatementField[] = ['data-classes', 'track', 'class', 'parity']

type Asked = { readonly agent: string; readonly query: { readonly at?: string }; readonly now: string }

/** Of the entries that were seen most, as the chart has them then. */
async function proofsOf(views: Pick<ViewsClient, 'ask'>, { agent, query, now }: Asked): Promise<readonly number[]> {
  const listed = await askView(views, 'listProfileEntries', { agent, query: { ...query, limit: CHART_ENTRIES }, now })
  const entries: number[] = []
  for (const { dimension, key } of listed?.items ?? []) {
    const proofs = await askView(views, 'listProfileProofs', { agent, query: { dimension, key, limit: CHART_PROOFS } })
    entries.push(...(proofs?.items ?? []).map(({ entry }) => entry))
  }
  return entries
}
