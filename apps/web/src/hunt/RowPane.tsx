import type { HuntRowWire } from '@holdfast/api'
import { formatRfc3339, HUNT_FIELDS, parseUnixNano, parseUnixNanoText, shellWord, type UnixNano } from '@holdfast/model'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { paths } from '../paths.ts'
import type { HuntSearch } from '../search-params.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { Command } from '../ui/Copy.tsx'
import { ModeButtons } from './Facets.tsx'
import type { HuntRowsProps } from './HuntRows.tsx'
import { modeOf, toggled } from './terms.ts'

const MINUTES = [1, 5, 15, 60] as const

type RowPaneProps = Pick<HuntRowsProps, 'q' | 'onToggle'> & {
  readonly row: HuntRowWire
  readonly search: HuntSearch
  readonly onClose: () => void
}

/** Everything that hunting knows of one event, each value to include or leave out, and what lies around it in time. */
export function RowPane({ row, q, search, onToggle, onClose }: RowPaneProps) {
  const { conversation, agent, incident, document, tool } = row.values
  return (
    <aside
      aria-label="The selected event"
      className="flex w-full flex-col gap-3 overflow-auto border-l border-line p-3 md:w-96 md:shrink-0"
    >
      <div className="flex items-start justify-between gap-2">
        <h2 className="min-w-0 font-semibold break-words">
          <Untrusted text={row.label} />
        </h2>
        <button type="button" className="button button-quiet" onClick={onClose}>
          Close
        </button>
      </div>
      <div className="flex flex-wrap gap-x-3 gap-y-1">
        {conversation !== undefined && (
          <Link to={paths.conversation} params={{ conversation }} search={{ event: row.id }} className="link">
            In its conversation
          </Link>
        )}
        {agent !== undefined && (
          <Link to={paths.agent} params={{ agent }} className="link">
            The agent
          </Link>
        )}
        {incident !== undefined && (
          <Link to={paths.incident} params={{ incident }} className="link">
            Its incident
          </Link>
        )}
        {(document !== undefined || tool !== undefined) && (
          <Link to={paths.source} search={document === undefined ? { tool } : { document }} className="link">
            Everyone who read it
          </Link>
        )}
        <Link to={paths.integrity} search={{ entry: row.entry }} className="link">
          Log entry {row.entry}
        </Link>
      </div>
      <Around row={row} search={search} />
      <dl className="grid grid-cols-[6.5rem_1fr_auto] items-center gap-x-2 gap-y-1">
        <dt className="text-faint">happened</dt>
        <dd className="col-span-2">
          <Time at={row.claimedAt} form="exact" />
        </dd>
        <dt className="text-faint">recorded</dt>
        <dd className="col-span-2">
          <Time at={row.recordedAt} form="exact" />
        </dd>
        {HUNT_FIELDS.map((field) => {
          const value = row.values[field]
          if (value === undefined) return null
          return (
            <div key={field} className="contents">
              <dt className="text-faint">{field}</dt>
              <dd className="min-w-0 break-words">
                <Untrusted text={value} />
              </dd>
              <dd>
                <ModeButtons field={field} value={value} mode={modeOf(q, field, value)} onToggle={onToggle} />
              </dd>
            </div>
          )
        })}
      </dl>
      <Command text={`npm run -s holdfast -- hunt --around ${shellWord(row.id)} --minutes 5`} label="the command" />
    </aside>
  )
}

/** What else happened then: of all agents, or of this one. */
function Around({ row, search }: Pick<RowPaneProps, 'row' | 'search'>) {
  const [minutes, setMinutes] = useState<number>(5)
  const at = parseUnixNanoText(search.clock === 'recorded' ? row.recordedAt : row.claimedAt) ?? 0n
  const span = BigInt(minutes) * 60_000_000_000n
  const window = { from: textOf(at > span ? at - span : 0n), to: textOf(at + span + 1n) }
  const { agent } = row.values
  const kept = { cols: search.cols, clock: search.clock, event: row.id }
  return (
    <fieldset className="flex flex-wrap items-center gap-2 rounded-md border border-line p-2">
      <legend className="eyebrow px-1">Around this moment</legend>
      <label className="flex items-center gap-1 text-soft">
        within
        <select className="field" value={minutes} onChange={(event) => setMinutes(Number(event.target.value))}>
          {MINUTES.map((one) => (
            <option key={one} value={one}>
              {one} min
            </option>
          ))}
        </select>
      </label>
      <Link to={paths.hunt} search={{ ...kept, ...window }} className="button">
        All agents
      </Link>
      {agent !== undefined && (
        <Link
          to={paths.hunt}
          search={{ ...kept, ...window, q: toggled('', 'agent', { value: agent, mode: 'include' }) }}
          className="button"
        >
          This agent
        </Link>
      )}
    </fieldset>
  )
}

function textOf(at: bigint): string {
  return formatRfc3339(parseUnixNano(at) ?? (0n as UnixNano)) // 0 is a time
}
