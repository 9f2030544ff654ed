import type { CapabilityWire, DiagnosticWire } from '@holdfast/api'
import { useState } from 'react'
import { TextWithTimes } from '../time/TextWithTimes.tsx'
import { formatCount } from '../ui/format.ts'
import { Checks } from './Checks.tsx'
import { Verdict } from './Verdict.tsx'

const PHASES = ['declare', 'observe', 'enforce', 'reconcile'] as const

/** The nine capabilities in the order of the four phases, each with what shows it. */
export function Capabilities({ diagnostic: { capabilities, phases } }: { readonly diagnostic: DiagnosticWire }) {
  return (
    <section aria-label="Nine capabilities" className="panel flex flex-col">
      <h2 className="border-b border-line p-3 text-lg font-semibold">Nine capabilities</h2>
      <div className="grid divide-line md:grid-cols-2 md:divide-x">
        {PHASES.map((phase) => (
          <section key={phase} aria-label={phase} className="flex flex-col border-b border-line p-3">
            <h3 className="flex items-center gap-2">
              <span className="eyebrow">{phase}</span>
              <Verdict verdict={phases[phase]} />
            </h3>
            <ul className="flex flex-col">
              {capabilities
                .filter((one) => one.phase === phase)
                .map((one) => (
                  <Row key={one.id} row={one} />
                ))}
            </ul>
          </section>
        ))}
      </div>
    </section>
  )
}

function Row({ row: { id, capability, verdict, checks, evidence, missing } }: { readonly row: CapabilityWire }) {
  const [isOpen, setOpen] = useState(false)
  const count = evidence.reduce((sum, one) => sum + one.count, 0)
  return (
    <li className="py-1.5">
      <button
        type="button"
        className="grid w-full grid-cols-[2rem_1fr_auto] items-baseline gap-x-3 text-left"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <span className="mono text-faint">{id}</span>
        <span className="font-medium">
          <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span> {capability}
        </span>
        <Verdict verdict={verdict} />
      </button>
      <p className="pl-11 text-faint">
        {missing[0] === undefined ? (
          `${formatCount(count)} log entries show it`
        ) : (
          <TextWithTimes text={missing.length > 1 ? `${missing[0]}; and ${missing.length - 1} more` : missing[0]} />
        )}
      </p>
      {isOpen && (
        <div className="pl-11">
          <Checks checks={checks} />
        </div>
      )}
    </li>
  )
}
