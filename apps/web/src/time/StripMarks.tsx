import type { StripWire } from '@holdfast/api'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { inertLine } from '../text/inert.ts'
import { Icon, type IconName } from '../ui/Icon.tsx'
import { placeOf } from './strip-scale.ts'
import { Time } from './Time.tsx'

type Mark = StripWire['marks'][number]

const KINDS: Readonly<Record<Mark['kind'], { readonly name: string; readonly icon: IconName }>> = {
  deploy: { name: 'Deploy', icon: 'chevron' },
  finding: { name: 'Finding', icon: 'warning' },
  containment: { name: 'Containment', icon: 'guardrail' },
  gap: { name: 'Gap', icon: 'pause' },
  erased: { name: 'Erased', icon: 'close' },
}

/** Deploys, findings, containment and gaps at their times, by sign and not by colour alone; one opens what it is. */
export function StripMarks({ strip }: { readonly strip: StripWire }) {
  const [open, setOpen] = useState<number>()
  const mark = open === undefined ? undefined : strip.marks[open]
  const sides = sidesOf(strip)
  return (
    <>
      {strip.marks.map((each, index) => {
        const { name, icon } = KINDS[each.kind]
        return (
          <button
            // The server gives marks in one order; two may be equal in everything else.
            key={`${each.kind} ${each.at} ${index}`}
            type="button"
            className={`strip-mark strip-${each.kind}`}
            style={{ left: `${placeOf(BigInt(each.at), strip) * 100}%` }}
            aria-expanded={open === index}
            aria-label={`${name}${sides[index] === undefined ? '' : `, ${sides[index]}`}: ${inertLine(each.label)}`}
            title={inertLine(`${name}: ${each.label}`)}
            onClick={() => setOpen(open === index ? undefined : index)}
          >
            <Icon name={icon} className="size-3" />
          </button>
        )
      })}
      {mark !== undefined && <MarkNote mark={mark} side={sides[open ?? 0]} onClose={() => setOpen(undefined)} />}
    </>
  )
}

type MarkNoteProps = { readonly mark: Mark; readonly side: string | undefined; readonly onClose: () => void }

function MarkNote({ mark, side, onClose }: MarkNoteProps) {
  return (
    <div
      className="panel absolute top-full right-0 z-30 mt-1 flex w-[min(32rem,85vw)] flex-col gap-1 bg-raised p-3 shadow-lg"
      role="note"
    >
      <p className="flex flex-wrap items-baseline gap-x-2">
        <strong>{KINDS[mark.kind].name}</strong>
        <Time at={mark.at} />
        {mark.until !== undefined && (
          <>
            to <Time at={mark.until} />
          </>
        )}
        {side !== undefined && <span className="text-faint">{side}</span>}
        <button type="button" className="button button-quiet ml-auto" aria-label="Close the mark" onClick={onClose}>
          <Icon name="close" />
        </button>
      </p>
      <Untrusted text={mark.label} />
      <p className="flex flex-wrap gap-3">
        {mark.incident !== undefined && (
          <Link to={paths.incident} params={{ incident: mark.incident }} className="link">
            the incident
          </Link>
        )}
        {mark.agent !== undefined && (
          <Link to={paths.agent} params={{ agent: mark.agent }} className="link">
            the agent
          </Link>
        )}
        {mark.entry !== undefined && (
          <Link to={paths.integrity} search={{ entry: mark.entry }} className="link tabular">
            log entry {mark.entry}
          </Link>
        )}
      </p>
    </div>
  )
}

/** What is not on the strip stands at its end, and says so. */
function sidesOf({ marks, from, to }: StripWire): readonly (string | undefined)[] {
  const [first, last] = [BigInt(from), BigInt(to)]
  return marks.map(({ at, until }) =>
    BigInt(until ?? at) < first ? 'before it' : BigInt(at) > last ? 'after it' : undefined,
  )
}
