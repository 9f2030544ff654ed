import type { DriftWire } from '@holdfast/api'
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { ClockBadge } from '../ui/Badges.tsx'
import { CopyAs } from '../ui/CopyAs.tsx'
import { plural } from '../ui/format.ts'
import { TabHead } from '../ui/Page.tsx'
import { Scrollable } from '../ui/Scrollable.tsx'
import { shellWord } from '../ui/shell-quote.ts'
import { EmptyState } from '../ui/States.tsx'
import { DriftLanes } from './DriftLanes.tsx'
import { DriftTable } from './DriftTable.tsx'
import { driftQueries } from './queries.ts'

const route = getRouteApi(paths.agentDrift)

/** Thirty days of an agent against its profile: evolution above, risky below, recorded changes between. */
export function DriftTab() {
  const { agent } = route.useParams()
  const { at } = route.useSearch()
  const { data: drift } = useSuspenseQuery(driftQueries.agent(agent, at))
  if (drift === null)
    return (
      <EmptyState
        title="Nothing of this agent’s behaviour was observed yet"
        why="Drift is what changes against a profile, and a profile is made of fourteen days of tool calls, model calls, requests and what the kernel sees."
        command={`npm run -s holdfast -- baseline show ${shellWord(agent)}`}
      />
    )
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-auto p-4 *:shrink-0">
      <Head drift={drift} />
      <section aria-label="Lanes" className="panel p-3">
        <Scrollable label="Lanes by day">
          <DriftLanes drift={drift} />
        </Scrollable>
        <p className="text-faint">
          Circle: evolution. Square: risky, low or medium. Diamond: risky, high. A tick is a recorded change; shaded
          days are silent. The tables below hold the same.
        </p>
      </section>
      <DriftTable
        title="Risky"
        what="What no event explains, or what no event may explain: the most urgent first."
        changes={drift.risky}
        empty={drift.state === 'quiet' ? 'Nothing in these days is risky.' : 'Nothing that was heard is risky.'}
      />
      <DriftTable
        title="Evolution"
        what="Explained by a recorded change, known in the rest of its combination, within bounds: in the profile."
        changes={drift.evolution}
        empty="Nothing evolved."
      />
    </div>
  )
}

const STATES: Readonly<Record<DriftWire['state'], readonly [badge: string, words: string]>> = {
  quiet: ['badge-good', 'quiet'],
  risky: ['badge-bad', 'risky'],
  silent: ['badge-warn', 'silent'],
  learning: ['badge-warn', 'learning'],
}

function Head({ drift }: { readonly drift: DriftWire }) {
  const { profile, state, silent, cut } = drift
  const [badge, words] = STATES[state]
  return (
    <TabHead
      actions={
        <CopyAs
          command={`npm run -s holdfast -- drift ${shellWord(drift.agent)}`}
          value={drift}
          api={`/api/v1/agents/${encodeURIComponent(drift.agent)}/drift`}
        />
      }
    >
      <p>
        <span className={`badge ${badge}`}>{words}</span> <Time at={drift.from} /> to <Time at={drift.asOf} />.{' '}
        {profile.judgedFrom === undefined
          ? `The profile has ${profile.days} of the 14 days that it needs before anything is judged.`
          : `Judged from ${profile.judgedFrom}, against ${plural(profile.executions, 'execution')} on ${plural(profile.days, 'day')}.`}{' '}
        {drift.clocks.map((clock) => (
          <ClockBadge key={clock} clock={clock as Parameters<typeof ClockBadge>[0]['clock']} />
        ))}
      </p>
      <p className="text-soft">
        {plural(drift.changes.length, 'recorded change')};{' '}
        {plural(drift.churn, 'restart or scaling', 'restarts and scalings')}, which explain nothing.
      </p>
      {profile.unsettled.length > 0 && (
        <p className="note note-warn">
          Never settled, so what is new there is judged only where a change explains it:{' '}
          <Untrusted text={profile.unsettled.join(', ')} />
        </p>
      )}
      {silent.length > 0 && (
        <p className="note note-warn">
          {plural(silent.length, 'day')} on which a stream that speaks every day said nothing: a gap, and no quiet day.
        </p>
      )}
      {cut > 0 && <p className="note note-warn">{cut} executions or changes are beyond a bound and not shown.</p>}
    </TabHead>
  )
}
