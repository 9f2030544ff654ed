import { routes } from '@holdfast/api'
import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { NoAgentYet } from '../agents/NoAgentYet.tsx'
import { queries } from '../data/queries.ts'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { ClockBadge } from '../ui/Badges.tsx'
import { Clamped } from '../ui/Clamped.tsx'
import { plural } from '../ui/format.ts'
import { PageHead } from '../ui/Page.tsx'
import { EmptyState } from '../ui/States.tsx'
import { Table } from '../ui/Table.tsx'
import { TwinId } from '../ui/TwinId.tsx'
import { twinsOf } from '../ui/twins.ts'

/** Who is under observation now: what they handle, and for how long that has been an exposure. */
export function ObservedPage() {
  const { data } = useSuspenseQuery(queries.observed())
  const twins = twinsOf(data.items)
  return (
    <>
      <PageHead
        tab="Under observation"
        title="Under observation"
        copy={{ command: 'npm run -s holdfast -- baseline observing', api: routes.listObserved.path, value: data }}
      >
        {data.items.length} of {plural(data.agents, 'agent')} with a profile; the others have converged. The longest
        first.
      </PageHead>
      {data.agents === 0 ? (
        <NoAgentYet why="An agent is listed from its first observation until its profile has converged." />
      ) : data.items.length === 0 ? (
        <EmptyState
          title="Nobody is under observation"
          why="An agent is listed from its first observation until its profile has converged. One that does not converge stays, and its entries age."
          command="npm run -s holdfast -- baseline observing"
        />
      ) : (
        <div className="overflow-auto p-4">
          <Table
            className="panel min-w-[56rem]"
            label="Agents under observation"
            columns={[
              'Agent',
              'Class',
              'Track',
              'Data classes',
              { name: 'Exposure', isNumber: true },
              'Since',
              'Verdict',
            ]}
          >
            {data.items.map(({ agent, name, class: agentClass, track, elapsedHours, since, verdict, clocks }) => (
              <tr key={agent}>
                <td className="px-3 py-2 align-top">
                  <Link to={paths.agentBaseline} params={{ agent }} className="link font-semibold">
                    <Untrusted text={name} />
                  </Link>{' '}
                  {clocks.map((clock) => (
                    <ClockBadge key={clock} clock={clock} />
                  ))}
                  <TwinId agent={agent} name={name} twins={twins} />
                </td>
                <td className="px-3 py-2 align-top whitespace-nowrap">{agentClass}</td>
                <td className="max-w-72 px-3 py-2 align-top">
                  <span className={`badge ${track.track === 2 ? 'badge-warn' : ''}`}>track {track.track}</span>
                  <div className="text-soft">
                    <Clamped text={[...track.reasons, ...track.obstacles].join('; ')} />
                  </div>
                </td>
                <td className="px-3 py-2 align-top">
                  {track.dataClasses === undefined ? (
                    <span className="text-faint">not stated</span>
                  ) : (
                    <Untrusted text={track.dataClasses.join(', ')} />
                  )}
                </td>
                <td className="tabular px-3 py-2 align-top">{exposureOf(elapsedHours)}</td>
                <td className="px-3 py-2 align-top whitespace-nowrap">
                  <Time at={since} />
                </td>
                <td className="max-w-96 px-3 py-2 align-top">
                  <Clamped text={verdict} />
                </td>
              </tr>
            ))}
          </Table>
        </div>
      )}
    </>
  )
}

function exposureOf(hours: number): string {
  return hours < 48 ? `${hours.toFixed(1)} h` : `${(hours / 24).toFixed(1)} days`
}
