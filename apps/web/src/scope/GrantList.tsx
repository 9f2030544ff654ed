import type { ScopeRowWire } from '@holdfast/api'
import { useState } from 'react'
import { Proof } from '../inventory/Proof.tsx'
import { LANE_ROWS } from '../limits.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { Fact } from '../ui/Page.tsx'

/** Grants of a lane that stands beside another: what it suggests first, then source, last use, owner and the trace behind it. */
export function GrantList({ label, rows }: { readonly label: string; readonly rows: readonly ScopeRowWire[] }) {
  const [shown, setShown] = useState(LANE_ROWS)
  return (
    <>
      <ul aria-label={label} className="flex flex-col divide-y divide-line">
        {rows.slice(0, shown).map((row) => (
          <Grant key={row.id} row={row} />
        ))}
      </ul>
      {rows.length > shown && (
        <button type="button" className="button m-3" onClick={() => setShown(shown + LANE_ROWS)}>
          Show {Math.min(LANE_ROWS, rows.length - shown)} more of {rows.length - shown}
        </button>
      )}
    </>
  )
}

function Grant({ row: { grant, evidence, owner, remedy } }: { readonly row: ScopeRowWire }) {
  return (
    <li className="flex flex-col gap-1.5 px-3 py-2">
      <span className="min-w-0">
        <Untrusted text={grant.action} className="mono font-semibold break-all" />
        {grant.resources.length > 0 && (
          <span className="text-soft">
            {' '}
            on <Untrusted text={grant.resources.join(', ')} className="mono break-all" />
          </span>
        )}
        {[...grant.conditions, ...grant.limitedBy].map((text) => (
          <span key={text} className="block">
            <span className="badge badge-info">conditional</span> <Untrusted text={text} />
          </span>
        ))}
        {grant.except.map(({ action, resources, why }) => (
          <span key={`${action} ${resources.join(' ')} ${why}`} className="block text-faint">
            but <Untrusted text={action} className="mono" />: <Untrusted text={why} />
          </span>
        ))}
      </span>
      <span className="note">
        <Untrusted text={remedy.text} className="text-ink" />
        {remedy.statement !== undefined && (
          <details>
            <summary className="cursor-pointer">the statement that stays</summary>
            <pre className="mono mt-1 whitespace-pre-wrap break-all">
              <Untrusted text={remedy.statement} />
            </pre>
          </details>
        )}
      </span>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-1 lg:grid-cols-[2fr_1.2fr_1fr_1fr]">
        <Fact label="Source">
          {grant.path === 'direct' ? (
            'direct'
          ) : (
            <>
              inherited from <Untrusted text={grant.ancestor ?? '-'} className="break-all" />
            </>
          )}
          <Untrusted text={`${grant.source}, ${grant.statement}`} className="block break-all text-soft" />
        </Fact>
        <Fact label="Last use">
          {evidence.lastUse === undefined ? <span className="text-faint">none</span> : <Time at={evidence.lastUse} />}
          {evidence.uses > 0 && (
            <span className="block text-soft">
              {evidence.uses} {evidence.uses === 1 ? 'use' : 'uses'}
            </span>
          )}
        </Fact>
        <Fact label="Owner">
          {owner === undefined ? <span className="text-faint">none stated</span> : <Untrusted text={owner} />}
        </Fact>
        <Fact label="Trace">
          <span className="flex flex-wrap gap-x-2">
            <Proof entries={[evidence.document.entry, ...evidence.positions.slice(0, 3)]} />
          </span>
        </Fact>
      </dl>
      {evidence.caveats.map((caveat) => (
        <Untrusted key={caveat} text={caveat} className="text-faint" />
      ))}
    </li>
  )
}
