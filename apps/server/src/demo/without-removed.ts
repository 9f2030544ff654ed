import type { Answer } from '@holdfast/api'
import type { DriftSignals } from '../drift/drift-signals.ts'
import type { Call, Handlers } from '../http/handlers.ts'
import type { Demos } from './demos.ts'

/** Lists that are put together from records and not from views, which a removal is folded out of. */
type ListRoute =
  | 'listPlans'
  | 'listNotices'
  | 'listDriftSignals'
  | 'listContainments'
  | 'listAnnotations'
  | 'listPolicies'
  | 'listLearnings'
  | 'listSelfAudits'
  | 'listProxyOrders'

/** The same lists without what belongs to a demo that was removed. What was recorded of it stays in the log. */
export function withoutRemoved(
  handlers: Pick<Handlers, ListRoute | 'listSkillRuns'>,
  { demos, driftSignals }: RemovedSources,
): Pick<Handlers, ListRoute | 'listSkillRuns'> {
  /** A notice of a drift names its signal, and no agent by its id. */
  const isOfRemovedSignal = ({ kind, lines }: ItemOf<'listNotices'>): boolean =>
    kind === 'drift-signal' &&
    driftSignals
      .list({ limit: Infinity })
      .items.some(({ agent, signal }) => demos.isRemoved(agent) && lines.some((line) => line.includes(signal)))
  return {
    listPlans: (call) =>
      kept<'listPlans'>(handlers.listPlans, call, ({ incident }) => !demos.isRemovedIncident(incident)),
    listNotices: (call) =>
      kept<'listNotices'>(
        handlers.listNotices,
        call,
        (notice) => !demos.isRemovedIncident(notice.incident) && !isOfRemovedSignal(notice),
      ),
    listDriftSignals: (call) =>
      kept<'listDriftSignals'>(handlers.listDriftSignals, call, ({ agent }) => !demos.isRemoved(agent)),
    listContainments: (call) =>
      kept<'listContainments'>(handlers.listContainments, call, ({ plan }) => !demos.isRemoved(plan.agent)),
    listAnnotations: (call) =>
      kept<'listAnnotations'>(
        handlers.listAnnotations,
        call,
        ({ subject: { kind, id } }) =>
          !(kind === 'agent' && demos.isRemoved(id)) && !(kind === 'incident' && demos.isRemovedIncident(id)),
      ),
    // Asked for by its name, an agent that is gone has no policies either.
    listPolicies: (call) => kept<'listPolicies'>(handlers.listPolicies, call, ({ agent }) => !demos.isRemoved(agent)),
    // A rule that is in force looks at everybody's agents, whoever taught it, and must be found to be withdrawn.
    listLearnings: (call) =>
      kept<'listLearnings'>(
        handlers.listLearnings,
        call,
        ({ incident, state }) => state === 'applied' || !demos.isRemovedIncident(incident),
      ),
    listSelfAudits: (call) =>
      kept<'listSelfAudits'>(handlers.listSelfAudits, call, ({ agent }) => !demos.isRemoved(agent)),
    listProxyOrders: (call) =>
      kept<'listProxyOrders'>(handlers.listProxyOrders, call, ({ agent }) => !demos.isRemoved(agent)),
    listSkillRuns: async (call) => {
      const { runs } = (await handlers.listSkillRuns(call)) as Answer<'listSkillRuns'> // an object of its own, not JSON
      return { runs: runs.filter(({ incident }) => !demos.isRemovedIncident(incident)) }
    },
  }
}

type RemovedSources = {
  readonly demos: Pick<Demos, 'isRemoved' | 'isRemovedIncident'>
  readonly driftSignals: Pick<DriftSignals, 'list'>
}

type ItemOf<N extends ListRoute> = Answer<N>['items'][number]
type List = { readonly items: readonly unknown[]; readonly total?: number }

/** What a handler answers, less the items that are not to be shown; a total counts them no more. */
async function kept<N extends ListRoute>(
  handler: (call: Call<N>) => Promise<unknown>,
  call: Call<N>,
  isShown: (item: ItemOf<N>) => boolean,
): Promise<Answer<N>> {
  // Each of these routes answers with an object of its own, that has these fields; not as JSON.
  const answer = (await handler(call)) as List
  const items = answer.items.filter((item) => isShown(item as ItemOf<N>)) // an item of this route
  const less = answer.total === undefined ? {} : { total: answer.total - (answer.items.length - items.length) }
  return { ...answer, items, ...less } as unknown as Answer<N> // the same answer with fewer items
}
