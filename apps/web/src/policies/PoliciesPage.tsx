import { routes } from '@holdfast/api'
import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { NoAgentYet } from '../agents/NoAgentYet.tsx'
import { queries } from '../data/queries.ts'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Clamped } from '../ui/Clamped.tsx'
import { plural } from '../ui/format.ts'
import { PageHead } from '../ui/Page.tsx'
import { Table } from '../ui/Table.tsx'
import { TwinId } from '../ui/TwinId.tsx'
import { twinsOf } from '../ui/twins.ts'
import { StateBadge } from './ArtifactTable.tsx'
import { RolloutTable } from './RolloutTable.tsx'
import { StageLine } from './StageStepper.tsx'

/** How far each agent is on its way from being seen to being held to what it does. */
export function PoliciesPage() {
  const { data } = useSuspenseQuery(queries.policies(undefined))
  const twins = twinsOf(data.items)
  const { data: rollouts } = useSuspenseQuery(queries.rollouts())
  const enforced = data.items.filter(({ artifacts }) => artifacts.some(({ state }) => state === 'enforce')).length
  return (
    <>
      <PageHead
        tab="Policies"
        title="Policies"
        copy={{ command: 'npm run -s holdfast -- policy list', api: routes.listPolicies.path, value: data }}
      >
        Derived from behaviour, never written by hand. {enforced} of {plural(data.items.length, 'agent')} held to one;{' '}
        {data.expiredEnforcing} expired and still enforced.
      </PageHead>
      {data.items.length === 0 ? (
        <NoAgentYet why="A policy is made of what an agent does once its profile has settled." />
      ) : (
        <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-auto p-4 *:shrink-0">
          <div className="overflow-x-auto">
            <Table
              className="panel min-w-[56rem]"
              label="Agents and their stages"
              columns={['Agent', 'Class', 'Stage', 'Policies', 'Waits for']}
            >
              {data.items.map(({ agent, name, class: agentClass, steps, artifacts }) => (
                <tr key={agent}>
                  <td className="px-3 py-2 align-top">
                    <Link to={paths.agentPolicies} params={{ agent }} className="link font-semibold">
                      <Untrusted text={name} />
                    </Link>
                    <TwinId agent={agent} name={name} twins={twins} />
                  </td>
                  <td className="px-3 py-2 align-top">{agentClass}</td>
                  <td className="px-3 py-2 align-top">
                    <StageLine steps={steps} />
                  </td>
                  <td className="px-3 py-2 align-top">
                    <ul className="flex flex-col gap-1">
                      {artifacts.map(({ id, kind, state }) => (
                        <li key={id} className="flex items-center gap-2">
                          <Link to={paths.policy} params={{ artifact: id }} className="link whitespace-nowrap">
                            {kind}
                          </Link>
                          <StateBadge state={state} />
                        </li>
                      ))}
                    </ul>
                    {artifacts.length === 0 && <span className="text-faint">none</span>}
                  </td>
                  <td className="max-w-80 px-3 py-2 align-top text-soft">
                    <Clamped text={steps.find(({ isReached }) => !isReached)?.evidence ?? 'nothing'} />
                  </td>
                </tr>
              ))}
            </Table>
          </div>
          <RolloutTable rollouts={rollouts.items} />
        </div>
      )}
    </>
  )
}
