import type { Answer, RouteName } from '@holdfast/api'
import type { DriftSignals } from '../drift/drift-signals.ts'
import type { Call, Handlers } from '../http/handlers.ts'
import type { Demos } from './demos.ts'

/** Lists that are put together from records and not from views, which a removal is folded out of. */
type ListRoute = 'listPlans' | 'listNotices' | 'listDriftSignals' | 'listContainments' | 'listAnnotations'

/** The same lists without what belongs to a demo that was removed. What was recorded of it stays in the log. */
export function withoutRemoved(
  handlers: Pick<Handlers, ListRoute>,
  { demos, driftSignals }: RemovedSources,
): Pick<Handlers, ListRoute> {
  /** A notice of a drift names its signal, and no agent by its id. */
  const isOfRemovedSignal = ({ kind, lines }: ItemOf<'listNotices'>): boolean =>
    kind === 'drift-signal' &&
    driftSignals
      .list({ limit: Infinity })
      .items.some(({ agent, signal }) => demos.isRemoved(agent) && lines.some((line) => line.includes(signal)))
  return {
    listPlans: (call) => kept(handlers.listPlans, call, ({ incident }) => !demos.isRemovedIncident(incident)),
    listNotices: (call) =>
      kept(
        handlers.listNotices,
        call,
        (notice) => !demos.isRemovedIncident(notice.incident) && !isOfRemovedSignal(notice),
      ),
    listDriftSignals: (call) => kept(handlers.listDriftSignals, call, ({ agent }) => !demos.isRemoved(agent)),
    listContainments: (call) => kept(handlers.listContainments, call, ({ plan }) => !demos.isRemoved(plan.agent)),
    listAnnotations: (call) =>
      kept(
        handlers.listAnnotations,
        call,
        ({ subject: { kind, id } }) =>
          !(kind === 'agent' && demos.isRemoved(id)) && !(kind === 'incident' && demos.isRemovedIncident(id)),
      ),
  }
}

type RemovedSources = {
  readonly demos: Pick<Demos, 'isRemoved' | 'isRemovedIncident'>
  readonly driftSignals: Pick<DriftSignals, 'list'>
}

type List<T> = { readonly items: readonly T[]; readonly total?: number | undefined }
type ItemOf<N extends RouteName> = Answer<N> extends List<infer T> ? T : never

/** What a handler answers, less the items that are not to be shown; a total counts them no more. */
async function kept<N extends ListRoute>(
  handler: Handlers[N],
  call: Call<N>,
  isShown: (item: ItemOf<N>) => boolean,
): ReturnType<Handlers[N]> {
  const answer = await (handler as (call: Call<N>) => Promise<Answer<N>>)(call) // each of these answers with its own object
  const { items, total } = answer as List<ItemOf<N>>
  const shown = items.filter(isShown)
  if (shown.length === items.length) return answer as Awaited<ReturnType<Handlers[N]>>
  const less = total === undefined ? {} : { total: total - (items.length - shown.length) }
  return { ...answer, items: shown, ...less } as Awaited<ReturnType<Handlers[N]>>
}
