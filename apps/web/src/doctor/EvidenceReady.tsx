import type { EvidenceReadyWire } from '@holdfast/api'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { paths } from '../paths.ts'
import { inertLine } from '../text/inert.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { formatCount } from '../ui/format.ts'
import { Remedy } from '../ui/Remedy.tsx'
import { Scrollable } from '../ui/Scrollable.tsx'
import { Table } from '../ui/Table.tsx'

type OneAgent = EvidenceReadyWire['agents'][number]
type Artifact = OneAgent['artifacts'][number]

const IDS = ['A1', 'A2', 'A3', 'A4', 'A5', 'A6'] as const

const STATES: Readonly<
  Record<Artifact['state'], { readonly badge: string; readonly sign: string; readonly text: string }>
> = {
  complete: { badge: 'badge-good', sign: '✓', text: 'complete' },
  partial: { badge: 'badge-warn', sign: '◐', text: 'partial' },
  missing: { badge: 'badge-bad', sign: '✕', text: 'missing' },
  'not-expected': { badge: '', sign: '–', text: 'not expected' },
}

/** Six artifacts by agent: what would be there, and on demand what would not, because of what, and the setting that captures it. */
export function EvidenceReady({ evidence: { agents, total } }: { readonly evidence: EvidenceReadyWire }) {
  const [open, setOpen] = useState<string>()
  if (agents.length === 0)
    return (
      <p className="note">No agent was heard, so there is nothing to judge: point one here, or run holdfast demo.</p>
    )
  const names = new Map(agents.flatMap(({ artifacts }) => artifacts.map(({ id, name }) => [id, name])))
  return (
    <section aria-label="Evidence if an incident happened now" className="panel flex flex-col gap-2 p-4">
      <h2 className="text-lg font-semibold">Evidence that would be there</h2>
      <p className="text-soft">
        By the newest conversation with a call of each agent, the {formatCount(agents.length)} heard last
        {total > agents.length && ` of ${formatCount(total)}`}.
      </p>
      <Scrollable label="Artifacts by agent">
        <Table
          className="min-w-[46rem] [--card-label:9.5rem]"
          cell="py-1 pr-3"
          columns={['Agent', ...IDS.map((id) => `${id} ${names.get(id) ?? ''}`), 'Complete']}
        >
          {agents.map((one) => (
            <AgentRow
              key={one.agent}
              one={one}
              isOpen={open === one.agent}
              onToggle={() => setOpen(open === one.agent ? undefined : one.agent)}
            />
          ))}
        </Table>
      </Scrollable>
    </section>
  )
}

type RowProps = { readonly one: OneAgent; readonly isOpen: boolean; readonly onToggle: () => void }

function AgentRow({ one, isOpen, onToggle }: RowProps) {
  const short = one.artifacts.filter(({ state }) => state === 'partial' || state === 'missing')
  return (
    <>
      <tr>
        <td className="max-w-72 py-1.5 pr-3">
          <Link to={paths.agentOverview} params={{ agent: one.agent }} className="link font-medium">
            <Untrusted text={one.name} />
          </Link>
        </td>
        {one.why === undefined ? (
          IDS.map((id) => {
            const artifact = one.artifacts.find((found) => found.id === id)
            const { badge, sign, text } = STATES[artifact?.state ?? 'not-expected']
            return (
              <td key={id} className="py-1.5 pr-3">
                <span className={`badge ${badge}`} title={artifact?.reason}>
                  <span aria-hidden="true">{sign}</span> {text}
                </span>
              </td>
            )
          })
        ) : (
          <td colSpan={IDS.length} className="py-1.5 pr-3 text-faint">
            {one.why}
          </td>
        )}
        <td className="py-1.5 pr-3 whitespace-nowrap">
          <span className="tabular">{one.of === 0 ? 'not judged' : `${one.ready} of ${one.of}`}</span>{' '}
          {short.length > 0 && (
            <button
              type="button"
              className="button button-quiet"
              aria-expanded={isOpen}
              aria-label={`${isOpen ? 'Close' : 'Fix'}: what ${inertLine(one.name, 60)} would miss`}
              onClick={onToggle}
            >
              {isOpen ? 'Close' : 'Fix'}
            </button>
          )}
        </td>
      </tr>
      {isOpen && (
        <tr>
          <td colSpan={IDS.length + 2} className="pb-3">
            <Missing one={one} artifacts={short} />
          </td>
        </tr>
      )}
    </>
  )
}

function Missing({ one, artifacts }: { readonly one: OneAgent; readonly artifacts: readonly Artifact[] }) {
  return (
    <ul className="note flex flex-col gap-2">
      {artifacts.map(({ id, name, missing, because, fix }) => (
        <li key={id} className="flex flex-col gap-1">
          <span>
            <span className="font-medium text-ink">
              {id} {name}
            </span>
            : {formatCount(missing)} missing, because <Untrusted text={because.join('; ')} />
          </span>
          {fix.map((remedy) => (
            <Remedy key={remedy} text={remedy} label={`the fix of ${id}`} />
          ))}
        </li>
      ))}
      {one.conversation !== undefined && (
        <li>
          <Link to={paths.conversation} params={{ conversation: one.conversation }} className="link">
            The conversation that was judged
          </Link>
        </li>
      )}
    </ul>
  )
}
