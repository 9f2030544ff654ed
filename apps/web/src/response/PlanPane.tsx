import type { Answer } from '@holdfast/api'
import { useEffect, useRef, useState } from 'react'
import { api } from '../data/client.ts'
import { personWords } from '../text/person.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { useNow } from '../time/use-now.ts'
import { formatDuration, formatShare } from '../ui/format.ts'
import { Fact } from '../ui/Page.tsx'
import { ApplyControl } from './ApplyControl.tsx'
import { DeedButton, DeedState } from './Deeds.tsx'
import { approvalBy, releaseObstacle } from './may.ts'
import { deadlineWords, millisUntil, type Plan } from './plan.ts'
import { PlanSteps } from './PlanSteps.tsx'
import { ProbeWait } from './ProbeWait.tsx'
import { useDeed } from './use-deed.ts'

type PlanPaneProps = {
  readonly plan: Plan
  readonly rungs: Answer<'planIncident'>['rungs']
  readonly session: Answer<'getSession'> | undefined
}

type NewestProps = {
  readonly isNewest: boolean
  /** It was made by whoever looks: they are led to what it waits for. */
  readonly isJustMade: boolean
}

/** One plan: who has to say yes, what became of each step, when it ends, and what can be done with it now. */
export function PlanPane({ plan, rungs, session, isNewest, isJustMade }: PlanPaneProps & NewestProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (!isJustMade) return
    heading.current?.scrollIntoView({ block: 'start' })
    // Its heading and not its button: a key that is pressed once too often says yes to nothing.
    heading.current?.focus({ preventScroll: true })
  }, [isJustMade])
  return (
    <div id={isNewest ? 'plan' : undefined} className="flex scroll-mt-2 flex-col gap-3 border-t border-line pt-3">
      <h3 ref={heading} tabIndex={-1} className="flex scroll-mt-2 flex-wrap items-center gap-2 font-medium">
        Plan <span className="mono">{plan.hash.slice(0, 12)}</span>
        <span className={`badge ${LOOKS[plan.state]}`}>{plan.state}</span>
        <span className="font-normal text-soft">
          <Untrusted text={plan.words} />
        </span>
      </h3>
      {/* What comes next stands before what it rests on. */}
      <Actions plan={plan} rungs={rungs} session={session} />
      <ProbeWait steps={plan.steps} />
      <Standing plan={plan} />
      <PlanSteps steps={plan.steps} />
      {plan.left.length > 0 && (
        <div>
          <h4 className="eyebrow">Left out</h4>
          <ul>
            {plan.left.map(({ what, why }) => (
              <li key={`${what} ${why}`}>
                <Untrusted text={what} />: <span className="text-warn">{<Untrusted text={why} />}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}

const LOOKS: Readonly<Record<Plan['state'], string>> = {
  planned: '',
  'under-way': 'badge-warn',
  confirmed: 'badge-good',
  partial: 'badge-bad',
  failed: 'badge-bad',
  released: '',
}

function Standing({ plan }: { readonly plan: Plan }) {
  const now = useNow()
  const { approval, endsAt, validUntil, state, seal, completeness, deadline, appliedAt, appliedBy, confirmedAt } = plan
  const against = deadlineWords(plan, now)
  return (
    <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-2 lg:grid-cols-3">
      <Fact label="Approval">
        {approval.kind === 'automatic' ? 'nobody has to say yes' : approval.roles.join(' and ')}
        {approval.given.map(({ by, role, at }) => (
          <div key={`${by} ${role}`} className="text-good">
            yes as {role} by <Untrusted text={personWords(by)} />, <Time at={at} />
          </div>
        ))}
        {approval.missing.length > 0 && <div className="text-warn">missing: {approval.missing.join(', ')}</div>}
      </Fact>
      <Fact label="Evidence">
        sealed to entry {seal.size}, {formatShare(completeness)} complete
      </Fact>
      {appliedAt !== undefined && (
        <Fact label="Applied">
          <Time at={appliedAt} /> by{' '}
          {appliedBy === undefined ? 'the program' : <Untrusted text={personWords(appliedBy)} />}
          {confirmedAt !== undefined && (
            <div className="text-good">
              confirmed <Time at={confirmedAt} />
            </div>
          )}
        </Fact>
      )}
      {deadline !== undefined && (
        <Fact label="Deadline">
          <Time at={deadline} />
          {against !== undefined && <div className={against.isPast ? 'text-warn' : 'text-soft'}>{against.words}</div>}
        </Fact>
      )}
      {endsAt !== undefined && state !== 'released' && (
        <Fact label="Ends by itself">
          <Time at={endsAt} /> · {countdown(millisUntil(endsAt, now))}
        </Fact>
      )}
      {state === 'planned' && (
        <Fact label="May be applied until">
          <Time at={validUntil} /> · {countdown(millisUntil(validUntil, now))}
        </Fact>
      )}
    </dl>
  )
}

function countdown(ms: number): string {
  return ms <= 0 ? 'over' : `in ${formatDuration(ms)}`
}

function Actions({ plan, rungs, session }: PlanPaneProps) {
  const deed = useDeed()
  const [reason, setReason] = useState('')
  const params = { plan: plan.hash }
  const approval = approvalBy(session, plan)
  const role = 'role' in approval ? approval.role : undefined
  const isOver = releaseObstacle(session, plan)
  const release = isOver ?? (reason.trim() === '' ? 'say why' : undefined)
  return (
    <div className="flex flex-col gap-2">
      {plan.state === 'planned' && (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <DeedButton
            deed={deed}
            isMain
            obstacle={'obstacle' in approval ? approval.obstacle : undefined}
            onAct={() => {
              if (role !== undefined)
                deed.run(`you said yes as ${role}`, () =>
                  api.call('approveResponsePlan', { params, ifMatch: plan.etag, body: { role } }),
                )
            }}
          >
            Approve{role === undefined ? '' : ` as ${role}`}
          </DeedButton>
          <ApplyControl plan={plan} rungs={rungs} session={session} deed={deed} />
        </div>
      )}
      {plan.state !== 'planned' && plan.state !== 'released' && (
        <form
          className="flex flex-wrap items-center gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            const why = reason.trim()
            if (release === undefined)
              deed.run('it was taken back', () => api.call('releaseResponsePlan', { params, body: { reason: why } }))
          }}
        >
          <label className="flex flex-wrap items-center gap-2">
            Why it is released
            <input
              className="field"
              value={reason}
              maxLength={1_000}
              onChange={(event) => setReason(event.target.value)}
            />
          </label>
          <button type="submit" className="button" disabled={release !== undefined || deed.isBusy}>
            Release
          </button>
          {release !== undefined && <span className="text-soft">{release}</span>}
        </form>
      )}
      <DeedState deed={deed} />
    </div>
  )
}
