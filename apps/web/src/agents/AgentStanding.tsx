import type { Agent, BaselineWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { queries } from '../data/queries.ts'
import { IncidentBadge } from '../incidents/IncidentBadge.tsx'
import { paths } from '../paths.ts'
import { StageLine } from '../policies/StageStepper.tsx'
import { inertLine } from '../text/inert.ts'
import { Time } from '../time/Time.tsx'
import { Fact } from '../ui/Page.tsx'
import { ContainmentBadge, standing } from './ContainmentBadge.tsx'

const STATUS: Readonly<Record<BaselineWire['status'], { readonly badge: string; readonly text: string }>> = {
  'no-traffic': { badge: '', text: 'nothing observed' },
  observing: { badge: 'badge-info', text: 'observing' },
  converged: { badge: 'badge-good', text: 'converged' },
  'non-convergent': { badge: 'badge-warn', text: 'non-convergent' },
}

/** How an agent stands, in one line: what is open against it, what holds it, its profile, its track and how far its policies are. */
export function AgentStanding({ agent: { id: agent, firstSeen, lastSeen } }: { readonly agent: Agent }) {
  const incidents = useQuery(queries.incidentsOf({ agent })).data
  const containments = useQuery(queries.containments(agent)).data
  const baseline = useQuery(queries.baseline(agent, undefined)).data
  const policies = useQuery(queries.policies(agent)).data?.items[0]
  const isHeld = containments !== undefined && standing(containments.items) !== undefined
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-2 border-b border-line bg-surface px-4 py-2">
      <Fact label="Incidents">
        {incidents === undefined ? '…' : incidents.total === 0 ? 'none' : <IncidentBadge agent={agent} />}
      </Fact>
      <Fact label="Held by">
        {containments === undefined ? '…' : isHeld ? <ContainmentBadge agent={agent} /> : 'nothing'}
      </Fact>
      <Fact label="Profile">
        {baseline === undefined ? (
          '…'
        ) : baseline === null ? (
          'nothing observed'
        ) : (
          <Profile agent={agent} baseline={baseline} />
        )}
      </Fact>
      <Fact label="Track">{baseline === undefined || baseline === null ? '–' : <Track baseline={baseline} />}</Fact>
      <Fact label="Enforcement">
        {policies === undefined ? (
          '–'
        ) : (
          <Link to={paths.agentPolicies} params={{ agent }} title="Enforcement, by stage">
            <StageLine steps={policies.steps} />
          </Link>
        )}
      </Fact>
      <Fact label="Last heard">
        <Time at={lastSeen} ago />
      </Fact>
      <Fact label="First heard" className="max-sm:hidden">
        <Time at={firstSeen} />
      </Fact>
    </dl>
  )
}

function Profile({ agent, baseline }: { readonly agent: string; readonly baseline: BaselineWire }) {
  const { badge, text } = STATUS[baseline.status]
  const { status, since, daysElapsed } = baseline
  return (
    <Link
      to={paths.agentBaseline}
      params={{ agent }}
      className={`badge ${badge}`}
      title={inertLine(baseline.verdict, 400)}
    >
      {text}
      {status === 'converged' && since !== undefined && ` on ${since}`}
      {status === 'observing' && `, day ${daysElapsed}`}
    </Link>
  )
}

function Track({ baseline: { track } }: { readonly baseline: BaselineWire }) {
  return (
    <span
      className={`badge ${track.track === 2 ? 'badge-warn' : ''}`}
      title={inertLine([...track.reasons, ...track.obstacles].join('; '), 400)}
    >
      track {track.track}
    </span>
  )
}
