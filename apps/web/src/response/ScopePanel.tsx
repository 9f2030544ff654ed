import type { Answer } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { queries } from '../data/queries.ts'
import { Proof } from '../inventory/Proof.tsx'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { formatCount, plural } from '../ui/format.ts'
import { Scrollable } from '../ui/Scrollable.tsx'
import { NotReadAgain, Unread } from '../ui/States.tsx'
import { Table } from '../ui/Table.tsx'

type Scope = Answer<'getIncidentScope'>
type Names = Scope['touched']['tools']

const KINDS = ['agents', 'identities', 'tools', 'sources', 'prompts', 'systems', 'classes'] as const
const VERDICTS: Readonly<Record<Scope['receivers'][number]['verdict'], string>> = {
  tainted: 'badge-bad',
  undecided: 'badge-warn',
  cleared: 'badge-good',
}

/** What an incident touched and could have reached, and what the sweep says of each receiver. */
export function ScopePanel({ incident }: { readonly incident: string }) {
  const { data: scope, error, refetch } = useQuery(queries.scopeOfIncident(incident))
  const about = { what: 'the scope', error, onRetry: () => void refetch() }
  if (scope === undefined) return <Unread {...about} />
  const { touched, reachable, receivers, frozen, cut, window } = scope
  return (
    <>
      <NotReadAgain {...about} />
      <p className="text-soft">
        From <Time at={window.from} />, followed from {scope.basis}; {plural(scope.nodes, 'step')} touched
        {frozen === undefined ? '; not fixed yet' : `; fixed ${frozen.isSame ? 'as it is' : 'and another one by now'}`}
        {cut > 0 && <span className="text-warn">; at least, {formatCount(cut)} were left out by bounds</span>}
      </p>
      <Scrollable label="Blast radius by kind">
        <Table className="min-w-120" cell="px-2 py-1" columns={['Kind', 'Touched', 'Could have been reached']}>
          {KINDS.map((kind) => (
            <tr key={kind} className="border-t border-line align-top">
              <th scope="row" className="py-1 pr-3 font-medium">
                {kind}
              </th>
              <td className="px-2 py-1">
                <Named of={touched[kind]} />
              </td>
              <td className="px-2 py-1">
                <Named of={reachable[kind]} />
              </td>
            </tr>
          ))}
          <tr className="border-t border-line">
            <th scope="row" className="py-1 pr-3 font-medium">
              records
            </th>
            <td className="px-2 py-1">{recordsOf(touched.records)}</td>
            <td className="px-2 py-1">{recordsOf(reachable.records)}</td>
          </tr>
        </Table>
      </Scrollable>
      <h3 className="eyebrow">Receivers</h3>
      {receivers.length === 0 && <p className="text-soft">Nothing was handed to another agent.</p>}
      <ul className="flex flex-col gap-1">
        {receivers.map(({ receiver, name, verdict, words, entries, notExcluded }) => (
          <li key={receiver} className="flex flex-wrap items-baseline gap-x-2">
            <span className={`badge ${VERDICTS[verdict]}`}>{verdict}</span>
            <Untrusted text={name} />
            <span className="text-soft">
              <Untrusted text={words} />
              {notExcluded !== undefined && <> (not excluded: {notExcluded})</>}
            </span>
            <Proof entries={entries.slice(0, 5)} />
          </li>
        ))}
      </ul>
    </>
  )
}

function Named({ of: { names, total } }: { readonly of: Names }) {
  if (total === 0) return <span className="text-faint">none</span>
  const shown = names.slice(0, 8)
  return (
    <>
      <span className="tabular">{formatCount(total)}</span>:{' '}
      {shown.map((name, at) => (
        <span key={name}>
          {at > 0 && ', '}
          <Untrusted text={name} />
        </span>
      ))}
      {total > shown.length && <span className="text-faint"> and {formatCount(total - shown.length)} more</span>}
    </>
  )
}

function recordsOf({ known, uncounted }: Scope['touched']['records']): string {
  const counted = plural(known, 'record')
  return uncounted === 0 ? counted : `at least ${counted}; ${plural(uncounted, 'place')} nobody counted`
}
