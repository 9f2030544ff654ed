import type { ReactNode } from 'react'
import { BASIS_WORDS } from '../conversation/node-words.ts'
import { Proof } from '../inventory/Proof.tsx'
import { Untrusted } from '../text/Untrusted.tsx'
import { TierBadge } from '../ui/Badges.tsx'
import { plural } from '../ui/format.ts'
import type { Row } from './words.ts'

const SHOWN = 8

/** What vouches for the row: its proofs and checkpoint, how each join is known, and whose identity was used. */
export function RowAside({ row }: { readonly row: Row }) {
  const { proof, identities, gaps, cut, shortened } = row
  const left = cut.items + cut.texts + cut.conversations + cut.graph
  return (
    <aside aria-label="Proof" className="flex flex-col gap-4">
      <Part title="Proof">
        <p>
          {plural(proof.entries.length, 'entry', 'entries')} proven to be in the log that the checkpoint of{' '}
          <span className="tabular">{proof.size}</span> entries signs.
        </p>
        <p className="mono break-all text-faint">root {proof.rootHash}</p>
        <details>
          <summary className="text-soft">checkpoint and key</summary>
          <pre className="mono overflow-x-auto whitespace-pre-wrap break-all">{proof.checkpoint}</pre>
          <p className="mono break-all">{proof.key}</p>
        </details>
        <p className="text-soft">
          Without a server: <code className="mono whitespace-nowrap">holdfast audit verify PATH</code>
        </p>
      </Part>
      <Part title="Joins">
        <Joins row={row} />
      </Part>
      <Part title="Identity used">
        {identities.length === 0 && <p className="text-soft">no step says whose it was</p>}
        <ul className="flex flex-col gap-1">
          {identities.slice(0, SHOWN).map(({ principal, kind, onBehalfOf, tier, entries }) => (
            <li key={`${principal} ${tier}`} className="flex flex-wrap items-baseline gap-x-2">
              <Untrusted text={principal} className="mono break-all" />
              <span className="text-faint">{kind}</span>
              {onBehalfOf !== undefined && (
                <span>
                  for <Untrusted text={onBehalfOf} />
                </span>
              )}
              <TierBadge tier={tier} />
              <Proof entries={entries.slice(0, SHOWN)} />
            </li>
          ))}
        </ul>
      </Part>
      {shortened.length > 0 && (
        <Part title="Shortened">
          <ul className="flex flex-col gap-1">
            {shortened.map(({ item, reason }) => (
              <li key={item} className="note note-warn">
                <Untrusted text={reason} />
              </li>
            ))}
          </ul>
        </Part>
      )}
      {(gaps.length > 0 || left > 0) && (
        <Part title="Missing">
          {gaps.map(({ entry, reason, detail }) => (
            <p key={entry} className="note note-warn">
              {reason}: <Untrusted text={detail} /> <Proof entries={[entry]} />
            </p>
          ))}
          {left > 0 && (
            <p className="text-soft">
              left out by bounds: {cut.items} items, {cut.texts} texts cut, {cut.conversations} conversations,{' '}
              {cut.graph} records
            </p>
          )}
        </Part>
      )}
    </aside>
  )
}

function Joins({ row: { joins } }: { readonly row: Row }) {
  const counts = [...Map.groupBy(joins, ({ basis }) => basis)].toSorted((a, b) => b[1].length - a[1].length)
  const most = counts[0]?.[1].length ?? 1
  return (
    <ul className="flex flex-col gap-1.5">
      {counts.map(([basis, some]) => (
        <li key={basis} title={BASIS_WORDS[basis]}>
          <span className="flex items-baseline justify-between gap-2">
            <span>
              {basis}{' '}
              <span className={`badge ${some[0]?.isProven === true ? 'badge-good' : 'badge-warn'}`}>
                {some[0]?.isProven === true ? 'proven' : 'inferred'}
              </span>
            </span>
            <span className="tabular text-soft">{some.length}</span>
          </span>
          <span className="meter block" aria-hidden="true">
            <span style={{ width: `${(some.length / most) * 100}%` }} />
          </span>
        </li>
      ))}
    </ul>
  )
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="panel flex flex-col gap-2 p-3">
      <h2 className="eyebrow">{title}</h2>
      {children}
    </section>
  )
}
