import type { ScopeRowWire } from '@holdfast/api'
import { useState } from 'react'
import { Proof } from '../inventory/Proof.tsx'
import { LANE_ROWS } from '../limits.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { Table } from '../ui/Table.tsx'

/** Grants of one lane: what, from where, last use or none, whose, what to do, and the entries that prove it. */
export function GrantTable({ label, rows }: { readonly label: string; readonly rows: readonly ScopeRowWire[] }) {
  const [shown, setShown] = useState(LANE_ROWS)
  return (
    <div className="overflow-x-auto">
      <Table
        className="min-w-[44rem] align-top"
        label={label}
        columns={['Grant', 'Source', 'Last use', 'Owner', 'Remedy']}
      >
        {rows.slice(0, shown).map((row) => (
          <GrantRow key={row.id} row={row} />
        ))}
      </Table>
      {rows.length > shown && (
        <button type="button" className="button m-3" onClick={() => setShown(shown + LANE_ROWS)}>
          Show {Math.min(LANE_ROWS, rows.length - shown)} more of {rows.length - shown}
        </button>
      )}
    </div>
  )
}

function GrantRow({ row: { grant, evidence, owner, remedy } }: { readonly row: ScopeRowWire }) {
  return (
    <tr>
      <td className="max-w-80 px-3 py-2 align-top">
        <Untrusted text={grant.action} className="mono font-semibold" />
        {grant.resources.map((resource) => (
          <div key={resource} className="text-soft">
            on <Untrusted text={resource} className="mono break-all" />
          </div>
        ))}
        {grant.except.map(({ action, resources, why }) => (
          <div key={`${action} ${resources.join(' ')} ${why}`} className="text-faint">
            but <Untrusted text={action} className="mono" />: <Untrusted text={why} />
          </div>
        ))}
        {[...grant.conditions, ...grant.limitedBy].map((text) => (
          <div key={text}>
            <span className="badge badge-info">conditional</span> <Untrusted text={text} />
          </div>
        ))}
      </td>
      <td className="max-w-72 px-3 py-2 align-top">
        {grant.path === 'direct' ? (
          'direct'
        ) : (
          <>
            inherited from <Untrusted text={grant.ancestor ?? '-'} className="break-all" />
          </>
        )}
        <div className="text-soft">
          <Untrusted text={`${grant.source}, ${grant.statement}`} className="break-all" />
        </div>
        <div className="flex flex-wrap gap-x-2 text-soft">
          <Untrusted text={evidence.document.document} /> <Proof entries={[evidence.document.entry]} />
        </div>
      </td>
      <td className="px-3 py-2 align-top whitespace-nowrap">
        {evidence.lastUse === undefined ? <span className="text-faint">none</span> : <Time at={evidence.lastUse} />}
        {evidence.uses > 0 && (
          <div className="text-soft">
            {evidence.uses} {evidence.uses === 1 ? 'use' : 'uses'}
          </div>
        )}
        <Proof entries={evidence.positions.slice(0, 3)} />
      </td>
      <td className="px-3 py-2 align-top">
        {owner === undefined ? <span className="text-faint">none stated</span> : <Untrusted text={owner} />}
      </td>
      <td className="max-w-96 px-3 py-2 align-top">
        <Untrusted text={remedy.text} />
        {remedy.statement !== undefined && (
          <details>
            <summary className="cursor-pointer text-soft">the statement that stays</summary>
            <pre className="mono mt-1 whitespace-pre-wrap break-all">
              <Untrusted text={remedy.statement} />
            </pre>
          </details>
        )}
        {evidence.caveats.map((caveat) => (
          <div key={caveat} className="text-faint">
            <Untrusted text={caveat} />
          </div>
        ))}
      </td>
    </tr>
  )
}
