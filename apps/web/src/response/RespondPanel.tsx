import { useQuery } from '@tanstack/react-query'
import { api } from '../data/client.ts'
import { queries } from '../data/queries.ts'
import { Time } from '../time/Time.tsx'
import { ErrorState, Loading } from '../ui/States.tsx'
import { Decision } from './Decision.tsx'
import { DeedButton, DeedState } from './Deeds.tsx'
import { roleObstacle } from './may.ts'
import { standingOf } from './plan.ts'
import { PlanPane } from './PlanPane.tsx'
import { useDeed } from './use-deed.ts'

/** What is done about an incident, in the order of deciding: is harm still possible, what next, what stands, what became of it. */
export function RespondPanel({ incident }: { readonly incident: string }) {
  const plans = useQuery(queries.plansOf(incident))
  const decided = useQuery(queries.ladderOf(incident))
  const { data: session } = useQuery(queries.session())
  const deed = useDeed()
  const error = plans.error ?? decided.error
  if (error !== null) {
    const again = (): void => void Promise.all([plans.refetch(), decided.refetch()])
    return <ErrorState what="the response" error={error} onRetry={again} />
  }
  if (plans.data === undefined || decided.data === undefined) return <Loading what="the response" />
  const { isHeld, plan: inForce, words } = standingOf(plans.data.items)
  const newest = plans.data.items[0]
  const obstacle = newest?.state === 'under-way' ? 'a plan is under way' : roleObstacle(session, 'analyst')
  return (
    <section aria-label="Respond" className="panel flex flex-col gap-3 p-3">
      <h2 className="flex flex-wrap items-center gap-x-3 font-semibold">
        Respond
        <span className={`font-normal ${isHeld ? 'text-good' : 'text-bad'}`}>{words}</span>
        {inForce?.confirmedAt !== undefined && (
          <span className="font-normal text-soft">
            since <Time at={inForce.confirmedAt} />
          </span>
        )}
      </h2>
      <Decision decided={decided.data} />
      <div className="flex flex-wrap items-center gap-3">
        <DeedButton
          deed={deed}
          obstacle={obstacle}
          isMain={newest === undefined}
          onAct={() =>
            deed.run('the evidence is sealed and the plan is made; nothing is done yet', () =>
              api.call('makeResponsePlan', { params: { incident }, body: {} }),
            )
          }
        >
          {newest === undefined ? 'Make a plan' : 'Plan anew'}
        </DeedButton>
        <DeedState deed={deed} />
      </div>
      {[...new Set([inForce, newest])].map((plan) =>
        plan === undefined ? null : <PlanPane key={plan.hash} plan={plan} session={session} />,
      )}
    </section>
  )
}
