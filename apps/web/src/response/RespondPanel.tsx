import type { Answer } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../data/client.ts'
import { queries } from '../data/queries.ts'
import { incidentQueries } from '../incidents/queries.ts'
import { Time } from '../time/Time.tsx'
import { NotReadAgain, Unread } from '../ui/States.tsx'
import { Decision } from './Decision.tsx'
import { Ladder } from './Ladder.tsx'
import { DeedButton, DeedState } from './Deeds.tsx'
import { roleObstacle } from './may.ts'
import { standingOf } from './plan.ts'
import { PlanPane } from './PlanPane.tsx'
import { useDeed } from './use-deed.ts'
import { WhyNoPlan } from './WhyNoPlan.tsx'

/** What is done about an incident, in the order of deciding: is harm still possible, what next, what stands, what became of it. */
export function RespondPanel({ incident }: { readonly incident: string }) {
  const plans = useQuery(queries.plansOf(incident))
  const decided = useQuery(queries.ladderOf(incident))
  const { data: whyNoPlan = [] } = useQuery({ ...queries.whyNoPlan(incident), enabled: decided.data !== undefined })
  const { data: session } = useQuery(queries.session())
  const { data: standing } = useQuery(incidentQueries.standing(incident))
  const deed = useDeed()
  const [made, setMade] = useState<string>()
  const [wanted, setWanted] = useState<Answer<'planIncident'>['rung']>()
  const onRetry = (): void => void Promise.all([plans.refetch(), decided.refetch()])
  const about = { what: 'the response', error: plans.error ?? decided.error, onRetry }
  if (plans.data === undefined || decided.data === undefined)
    return (
      // The room of the ladder, so that what stands below it does not come up first, and goes.
      <div id="respond" className="panel min-h-[40rem] scroll-mt-2">
        <Unread {...about} />
      </div>
    )
  const { isHeld, plan: inForce, words } = standingOf(plans.data.items, standing?.harm)
  const newest = plans.data.items[0]
  const { rung: proposed, rungs } = decided.data
  const rung = wanted ?? proposed
  const code = rungs.find((one) => one.rung === rung)?.code ?? ''
  const obstacle = newest?.state === 'under-way' ? 'a plan is under way' : roleObstacle(session, 'analyst')
  return (
    <section id="respond" aria-label="Respond" className="panel flex scroll-mt-2 flex-col gap-3 p-3">
      <h2 className="flex flex-wrap items-center gap-x-3 font-semibold">
        Respond
        <span
          className={`font-normal ${isHeld ? 'text-good' : standing?.harm.state === 'ended' ? 'text-soft' : 'text-bad'}`}
        >
          {words}
        </span>
        {inForce?.confirmedAt !== undefined && (
          <span className="font-normal text-soft">
            since <Time at={inForce.confirmedAt} />
          </span>
        )}
      </h2>
      <NotReadAgain {...about} />
      <div className="flex flex-wrap items-center gap-3">
        <DeedButton
          deed={deed}
          obstacle={obstacle}
          isMain={newest === undefined && standing?.next.do !== 'scope' && whyNoPlan.length === 0}
          onAct={() =>
            deed.run('the evidence is sealed and the plan is made; nothing is done yet', async () => {
              const { hash } = await api.call('makeResponsePlan', {
                params: { incident },
                body: rung === proposed ? {} : { rung },
              })
              setMade(hash)
            })
          }
        >
          {newest === undefined ? 'Make a plan' : 'Plan anew'} with {code} {rung}
          {isHeld && standing?.harm.hold?.rung === rung && ', which is in force'}
        </DeedButton>
        <DeedState deed={deed} />
      </div>
      {newest === undefined && rung === proposed && <WhyNoPlan reasons={whyNoPlan} />}
      {[...new Set([inForce, newest])].map((plan) =>
        plan === undefined ? null : (
          <PlanPane
            key={plan.hash}
            plan={plan}
            rungs={rungs}
            session={session}
            isNewest={plan === newest}
            isJustMade={plan.hash === made}
          />
        ),
      )}
      <Ladder
        decided={decided.data}
        chosen={rung}
        inForce={isHeld ? standing?.harm.hold?.rung : undefined}
        isAsked={standing?.next.do !== 'scope'}
        onChoose={setWanted}
      />
      <Decision decided={decided.data} standing={standing} />
    </section>
  )
}
