import type { DriftChangeWire } from '@holdfast/api'
import { Link } from '@tanstack/react-router'
import { Proof } from '../inventory/Proof.tsx'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { plural } from '../ui/format.ts'
import { Table } from '../ui/Table.tsx'
import { Verdict } from './Verdict.tsx'

type TableProps = {
  readonly title: string
  readonly what: string
  readonly changes: readonly DriftChangeWire[]
  readonly empty: string
}

/** One lane as a table, in order of priority: each change with its signals, its event, its executions and what a person said. */
export function DriftTable({ title, what, changes, empty }: TableProps) {
  return (
    <section aria-label={title} className="panel flex min-w-0 flex-col">
      <header className="flex flex-col gap-0.5 border-b border-line p-3">
        <h2 className="font-semibold">
          {title} <span className="font-normal text-faint">{changes.length}</span>
        </h2>
        <p className="text-soft">{what}</p>
      </header>
      {changes.length === 0 ? (
        <p className="p-3 text-faint">{empty}</p>
      ) : (
        <div className="overflow-x-auto">
          <Table
            className="min-w-[64rem]"
            label={title}
            columns={['Seen', 'What', 'Signals', 'Verdict', 'Events', 'A person']}
          >
            {changes.map((change) => (
              <Row key={change.id} change={change} />
            ))}
          </Table>
        </div>
      )}
    </section>
  )
}

function Row({ change }: { readonly change: DriftChangeWire }) {
  const { severity, incident } = change
  return (
    <tr id={`drift-${change.id}`} className="scroll-mt-4">
      <td className="px-3 py-2 align-top whitespace-nowrap">
        <Time at={change.at} />
        <div className="text-soft">
          {plural(change.times, 'execution')}
          {change.times > 1 && (
            <div>
              last <Time at={change.last} />
            </div>
          )}
        </div>
      </td>
      <td className="max-w-80 md:min-w-52 px-3 py-2 align-top">
        <Untrusted text={change.what} className="font-semibold" />
        <div className="text-soft">{change.subject}</div>
      </td>
      <td className="px-3 py-2 align-top md:min-w-96">
        <Signals change={change} />
      </td>
      <td className="max-w-52 px-3 py-2 align-top">
        {severity !== 'none' && (
          <span className={`badge ${severity === 'high' ? 'badge-bad' : severity === 'medium' ? 'badge-warn' : ''}`}>
            {severity}
          </span>
        )}{' '}
        {change.verdict.replaceAll('-', ' ')}
        <div className="text-soft">{change.handling}</div>
        {incident !== undefined && (
          <Link to={paths.incident} params={{ incident }} className="link">
            held by an incident
          </Link>
        )}
      </td>
      <td className="px-3 py-2 align-top">
        <Proof entries={change.entries.slice(0, 4)} />
        {change.executions.slice(0, 2).map((execution) => (
          <div key={execution}>
            <Link
              to={paths.conversation}
              params={{ conversation: execution.replace(/@\d+$/, '') }}
              className="link mono target"
              title="the graph of this execution"
            >
              {execution.slice(0, 8)}
            </Link>
          </div>
        ))}
      </td>
      <td className="px-3 py-2 align-top">
        <Verdict change={change} />
      </td>
    </tr>
  )
}

const NAMES = [
  ['deployment', 'Deployment'],
  ['continuity', 'Continuity'],
  ['bounds', 'Bounds'],
] as const

/** Chips of the three signals; a word and not colour alone says whether each holds. */
function Signals({ change: { signals, change } }: { readonly change: DriftChangeWire }) {
  return (
    <ul className="flex flex-col gap-1">
      {NAMES.map(([name, label]) => {
        const { holds, reason } = signals[name]
        return (
          <li key={name} className="grid items-start gap-2 sm:grid-cols-[8.5rem_minmax(0,1fr)]">
            <span className={`badge justify-self-start ${holds ? 'badge-good' : 'badge-bad'}`}>
              {label} {holds ? 'held' : 'broken'}
            </span>
            <span className="text-soft">
              <Untrusted text={reason} />
              {name === 'deployment' && change !== undefined && (
                <>
                  {' '}
                  <Proof entries={[change.entry]} />
                </>
              )}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
