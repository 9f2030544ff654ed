import type { AgentPoliciesWire } from '@holdfast/api'
import { Link } from '@tanstack/react-router'
import { Proof } from '../inventory/Proof.tsx'
import { paths } from '../paths.ts'
import { personWords } from '../text/person.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { Table } from '../ui/Table.tsx'

type Row = AgentPoliciesWire['artifacts'][number]

const STATES: Readonly<Record<Row['state'], { readonly badge: string; readonly says: string }>> = {
  enforce: { badge: 'badge-good', says: 'in force: what it does not name is stopped' },
  monitor: { badge: 'badge-info', says: 'watched: it stops nothing' },
  proposed: { badge: '', says: 'derived, and not in force' },
  replaced: { badge: '', says: 'a newer one was derived' },
  expired: { badge: 'badge-warn', says: 'past its validity: it stops nothing' },
  contaminated: { badge: 'badge-bad', says: 'an incident tainted what it rests on: it stops nothing' },
}

/** How a policy stands. */
export function StateBadge({ state }: { readonly state: Row['state'] }) {
  const { badge, says } = STATES[state]
  return (
    <span className={`badge ${badge}`} title={says}>
      {state}
    </span>
  )
}

/** Policies of one agent, a row each; `beside` leads to the comparison with another. */
export function ArtifactTable({ artifacts }: { readonly artifacts: AgentPoliciesWire['artifacts'] }) {
  return (
    <div className="overflow-x-auto">
      <Table
        className="panel min-w-[44rem]"
        label="Policies"
        columns={['Layer', 'State', { name: 'Lines', isNumber: true }, 'Effect', 'Valid until', 'Derived', 'Profile']}
      >
        {artifacts.map(
          ({ id, kind, state, lines, narrows, validUntil, generatedAt, generatedBy, entry, profileDigest, placed }) => (
            <tr key={id}>
              <td className="px-3 py-2 align-top">
                <Link to={paths.policy} params={{ artifact: id }} className="link font-semibold">
                  {kind}
                </Link>
                <div className="mono text-faint">{id.slice(0, 12)}</div>
              </td>
              <td className="px-3 py-2 align-top">
                <StateBadge state={state} />
                {placed.map((place) => (
                  <Placed key={place.target} place={place} />
                ))}
              </td>
              <td className="tabular px-3 py-2 align-top">{lines}</td>
              <td className="px-3 py-2 align-top">{narrows ? 'narrows' : 'narrows nothing'}</td>
              <td className="px-3 py-2 align-top whitespace-nowrap">
                <Time at={validUntil} />
              </td>
              <td className="px-3 py-2 align-top whitespace-nowrap">
                <Time at={generatedAt} /> by <Untrusted text={personWords(generatedBy)} /> <Proof entries={[entry]} />
              </td>
              <td className="mono px-3 py-2 align-top" title={profileDigest}>
                {profileDigest.slice(0, 12)}
              </td>
            </tr>
          ),
        )}
      </Table>
    </div>
  )
}

/** Where a policy stands in a cluster, and whether that holds what was put there. */
function Placed({ place: { target, entry, differences } }: { readonly place: Row['placed'][number] }) {
  return (
    <div className="mt-1 max-w-[24rem]">
      in <span className="mono break-all">{target}</span> <Proof entries={[entry]} />
      {differences.length > 0 && (
        <ul className="mt-1">
          {differences.map((difference) => (
            <li key={difference}>
              <span className="badge badge-warn">changed</span> <Untrusted text={difference} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
