import type { CapabilityWire } from '@holdfast/api'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Proof } from '../inventory/Proof.tsx'
import { paths, safePath } from '../paths.ts'
import { inertLine } from '../text/inert.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { TextWithTimes } from '../time/TextWithTimes.tsx'

type CheckWire = CapabilityWire['checks'][number]

const SIGNS = {
  met: { sign: '✓', says: 'shown', ink: 'text-good' },
  unmet: { sign: '✕', says: 'not shown', ink: 'text-bad' },
  constrained: { sign: '–', says: 'constrained by the provider', ink: 'text-info' },
} as const

/** What was looked at, what each came to, and where it can be looked up again. */
export function Checks({ checks }: { readonly checks: readonly CheckWire[] }) {
  return (
    <ul className="flex flex-col divide-y divide-line">
      {checks.map((check, i) => (
        <li key={check.what} className="grid gap-x-4 gap-y-1 py-2 md:grid-cols-[16rem_1fr]">
          <span className="flex gap-2 font-medium">
            <span aria-hidden="true" className={SIGNS[check.outcome].ink}>
              {SIGNS[check.outcome].sign}
            </span>
            <span className="sr-only">{SIGNS[check.outcome].says}:</span>
            {check.what}
          </span>
          <span className="flex min-w-0 flex-col gap-1">
            <span>
              <TextWithTimes text={check.reason} />
            </span>
            {isSame(check, checks[i - 1]) ? (
              <span className="text-faint">by the same log entries</span>
            ) : (
              check.evidence.filter(({ count }) => count > 0).map((shown) => <Shown key={shown.what} shown={shown} />)
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}

/** The same for a tile: what is not shown, and why in two lines; what is, in a line each. */
export function CheckLines({ checks }: { readonly checks: readonly CheckWire[] }) {
  const ordered = checks.toSorted((a, b) => Number(a.outcome === 'met') - Number(b.outcome === 'met'))
  return (
    <ul className="flex flex-col gap-1.5">
      {ordered.map(({ what, outcome, reason }) => (
        <CheckLine key={what} outcome={outcome}>
          <span title={inertLine(reason, 300)}>{what}</span>
          {outcome !== 'met' && (
            <span className="line-clamp-2 text-sm text-faint" title={inertLine(reason, 300)}>
              <TextWithTimes text={reason} />
            </span>
          )}
        </CheckLine>
      ))}
    </ul>
  )
}

type CheckLineProps = { readonly outcome: CheckWire['outcome']; readonly children: ReactNode }

function CheckLine({ outcome, children }: CheckLineProps) {
  return (
    <li className="flex gap-1.5">
      <span aria-hidden="true" className={`w-3 shrink-0 ${SIGNS[outcome].ink}`}>
        {SIGNS[outcome].sign}
      </span>
      <span className="min-w-0">
        <span className="sr-only">{SIGNS[outcome].says}: </span>
        {children}
      </span>
    </li>
  )
}

/** True where a check rests on just what the one before it does. */
function isSame({ evidence }: CheckWire, before: CheckWire | undefined): boolean {
  const entries = evidence.flatMap((one) => one.entries).join(' ')
  return entries !== '' && before?.evidence.flatMap((one) => one.entries).join(' ') === entries
}

function Shown({ shown: { what, entries, count, path, events } }: { readonly shown: CheckWire['evidence'][number] }) {
  const page = path === undefined ? undefined : safePath(path)
  return (
    <span className="flex flex-wrap items-baseline gap-x-2 text-faint">
      {page === undefined ? (
        <Untrusted text={what} />
      ) : (
        <a href={page} className="link">
          <Untrusted text={what} />
        </a>
      )}
      <Proof entries={entries} />
      {count > entries.length && <span>and {count - entries.length} more</span>}
      {events?.map((event) => (
        <Link key={event} to={paths.search} search={{ q: event }} className="mono underline">
          event
        </Link>
      ))}
    </span>
  )
}
