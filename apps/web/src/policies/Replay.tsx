import type { Body, SimulatedWire } from '@holdfast/api'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../data/client.ts'
import { queries } from '../data/queries.ts'
import { LANE_ROWS } from '../limits.ts'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { plural } from '../ui/format.ts'
import { Share } from '../ui/Page.tsx'
import { ErrorState, Loading } from '../ui/States.tsx'
import { Table } from '../ui/Table.tsx'

const WINDOWS = [1, 14, 44] as const

/** Replays a recorded window against policies: what they would have stopped, by act, tool call and conversation. */
export function Replay({ asked }: { readonly asked: Pick<Body<'simulatePolicy'>, 'agent' | 'artifacts'> }) {
  const [days, setDays] = useState<(typeof WINDOWS)[number]>(14)
  const start = useMutation({ mutationFn: () => api.call('simulatePolicy', { body: { ...asked, days } }) })
  const { data: simulation } = useQuery(queries.simulation(start.data?.id))
  const isBusy = start.isPending || simulation?.state === 'waiting' || simulation?.state === 'running'
  return (
    <section className="panel flex flex-col gap-3 p-3" aria-label="Replay">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="text-lg font-semibold">Replay</h2>
        <label className="flex items-center gap-2 text-soft">
          the last
          <select
            className="field"
            value={days}
            onChange={({ target }) => setDays(WINDOWS.find((one) => one === Number(target.value)) ?? 14)}
          >
            {WINDOWS.map((one) => (
              <option key={one} value={one}>
                {one === 1 ? 'day' : `${one} days`}
              </option>
            ))}
          </select>
        </label>
        <button type="button" className="button" disabled={isBusy} onClick={() => start.mutate()}>
          {isBusy ? 'Replaying' : 'What would they have stopped?'}
        </button>
      </div>
      {start.error !== null && <ErrorState what="The replay" error={start.error} onRetry={() => start.mutate()} />}
      {isBusy && <Loading what={`${simulation?.read ?? 0} of ${simulation?.total ?? '?'} records`} />}
      {simulation?.state === 'failed' && <p className="note note-bad">{simulation.failure}</p>}
      {simulation?.result !== undefined && <Result result={simulation.result} />}
    </section>
  )
}

function Result({ result }: { readonly result: SimulatedWire }) {
  const { from, to, events, judged, denied, denials, artifacts } = result
  const refusals = artifacts.reduce((sum, artifact) => sum + artifact.denied, 0)
  return (
    <output className="flex flex-col gap-3">
      <p>
        <span className={`badge ${denied === 0 ? 'badge-good' : 'badge-warn'}`}>{denied} denied</span> of {judged} acts
        that a policy speaks of, among {events} events, <Time at={from} /> to <Time at={to} />.
        {refusals > denied && ` Each policy that would stop one of them has a row: ${plural(refusals, 'refusal')}.`}
      </p>
      <div className="grid gap-3 md:grid-cols-3">
        <Part label="Conversations" part={result.affectedConversations} of={result.conversations} />
        <Part label="Tool calls" part={result.affectedToolCalls} of={result.toolCalls} />
        <Part label="Agents" part={result.affectedAgents.length} of={result.agents.length} />
      </div>
      <ul className="flex flex-wrap gap-2">
        {artifacts.map(({ id, kind, judged: acts, denied: stopped }) => (
          <li key={id} className={`badge ${stopped === 0 ? '' : 'badge-warn'}`}>
            {kind}: {stopped} of {acts}
          </li>
        ))}
      </ul>
      {denials.length > 0 && (
        <div className="overflow-x-auto">
          <Table
            className="min-w-[44rem]"
            label="Acts that would be stopped"
            columns={['When', 'Layer', 'Act', 'Line', 'Tool call', 'Event']}
          >
            {denials.slice(0, LANE_ROWS).map((denial) => (
              <tr key={`${denial.event} ${denial.artifact}`}>
                <td className="px-3 py-1.5 align-top whitespace-nowrap">
                  <Time at={denial.at} />
                </td>
                <td className="px-3 py-1.5 align-top">{denial.kind}</td>
                <td className="max-w-80 px-3 py-1.5 align-top">
                  <Untrusted text={denial.what} className="mono [overflow-wrap:anywhere]" />
                </td>
                <td className="max-w-64 px-3 py-1.5 align-top">
                  <Link
                    to={paths.policy}
                    params={{ artifact: denial.artifact }}
                    search={{ line: denial.pointer }}
                    className="link"
                  >
                    <Untrusted text={denial.line ?? denial.pointer} />
                  </Link>
                </td>
                <td className="px-3 py-1.5 align-top">
                  {denial.tool === undefined ? (
                    <span className="text-faint">none</span>
                  ) : (
                    <Untrusted text={denial.tool} />
                  )}
                </td>
                <td className="px-3 py-1.5 align-top">
                  {denial.conversation === undefined ? (
                    <span className="mono">{denial.entry}</span>
                  ) : (
                    <Link
                      to={paths.conversation}
                      params={{ conversation: denial.conversation }}
                      search={{ view: 'tree', mode: 'aggregated', event: denial.event }}
                      className="link"
                    >
                      open
                    </Link>
                  )}
                </td>
              </tr>
            ))}
          </Table>
          {refusals > LANE_ROWS && (
            <p className="text-faint">
              The first {LANE_ROWS} of {plural(refusals, 'refusal')}.
            </p>
          )}
        </div>
      )}
    </output>
  )
}

function Part({ label, part, of }: { readonly label: string; readonly part: number; readonly of: number }) {
  return (
    <div>
      <div className="eyebrow">{label}</div>
      <div className="tabular">
        {part} of {of} would lose an act
      </div>
      <Share share={of === 0 ? 0 : part / of} label={label} />
    </div>
  )
}
