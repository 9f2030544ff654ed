import { routes } from '@holdfast/api'
import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { NoAgentYet } from '../agents/NoAgentYet.tsx'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { plural } from '../ui/format.ts'
import { PageHead } from '../ui/Page.tsx'
import { Table } from '../ui/Table.tsx'
import { TwinId } from '../ui/TwinId.tsx'
import { twinsOf } from '../ui/twins.ts'
import { driftQueries } from './queries.ts'

/** Agents with what drifted of them in thirty days, the most urgent first. */
export function DriftPage() {
  const { data } = useSuspenseQuery(driftQueries.list())
  const twins = twinsOf(data.items)
  return (
    <>
      <PageHead
        tab="Drift"
        title="Drift"
        copy={{ command: 'npm run -s holdfast -- drift list', api: routes.listDrift.path, value: data }}
      >
        What changed in thirty days against the profiles of {plural(data.total, 'agent')}: evolution, and what is risky.
      </PageHead>
      {data.items.length === 0 ? (
        <NoAgentYet why="An agent is listed once its behaviour was heard, and judged once its profile holds fourteen days." />
      ) : (
        <div className="overflow-auto p-4">
          <Table
            className="panel min-w-[52rem]"
            label="Drift by agent"
            columns={[
              'Agent',
              'State',
              { name: 'High', isNumber: true },
              { name: 'Medium', isNumber: true },
              { name: 'Low', isNumber: true },
              { name: 'Evolution', isNumber: true },
              'First to look at',
              'Heard',
            ]}
          >
            {data.items.map(({ agent, name, state, risky, evolution, first, last }) => (
              <tr key={agent}>
                <td className="px-3 py-2">
                  <Link to={paths.agentDrift} params={{ agent }} className="link font-semibold">
                    <Untrusted text={name} />
                  </Link>
                  <TwinId agent={agent} name={name} twins={twins} />
                </td>
                <td className="px-3 py-2">
                  <span
                    className={`badge ${state === 'quiet' ? 'badge-good' : state === 'risky' ? 'badge-bad' : 'badge-warn'}`}
                  >
                    {state}
                  </span>
                </td>
                {[risky.high, risky.medium, risky.low, evolution].map((count, i) => (
                  <td key={i} className="tabular px-3 py-2">
                    {count}
                  </td>
                ))}
                <td className="max-w-96 px-3 py-2">{first !== undefined && <Untrusted text={first} />}</td>
                <td className="px-3 py-2 whitespace-nowrap">
                  <Time at={last} />
                </td>
              </tr>
            ))}
          </Table>
          {data.items.length < data.total && (
            <p className="note note-warn mt-3">
              {data.items.length} of {plural(data.total, 'agent')}: <code>holdfast drift list</code> puts all of them in
              order.
            </p>
          )}
        </div>
      )}
    </>
  )
}
