import type { ScorecardWire, ScoreRowWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { queries } from '../data/queries.ts'
import { Proof } from '../inventory/Proof.tsx'
import { roleObstacle } from '../response/may.ts'
import { personWords } from '../text/person.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { Scrollable } from '../ui/Scrollable.tsx'
import { ErrorState, Loading } from '../ui/States.tsx'
import { diagnosticQueries } from './queries.ts'
import { AddRow, ScoreForm } from './ScoreForm.tsx'
import { inertLine } from '../text/inert.ts'

type Cell = ScoreRowWire['cells'][number]

const LOOKS: Readonly<Record<Cell['score'], string>> = { None: '', Partial: 'badge-warn', Strong: 'badge-good' }
const FILLS: Readonly<Record<Cell['score'], string>> = { None: '○', Partial: '◐', Strong: '●' }

/** Tool categories by the four phases; a cell opens its reason, and whoever may changes it with another. */
export function Scorecard() {
  const { data, error, refetch } = useQuery(diagnosticQueries.scorecard())
  return (
    <section aria-label="Scorecard" className="panel flex flex-col gap-3 p-4">
      <h2 className="text-lg font-semibold">What your stack covers</h2>
      {error !== null && <ErrorState what="scorecard" error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading what="the scorecard" />}
      {data !== undefined && <Card card={data} />}
    </section>
  )
}

function Card({ card: { rows, history } }: { readonly card: ScorecardWire }) {
  const [selected, setSelected] = useState<{ readonly row: string; readonly phase: Cell['phase'] } | undefined>()
  const session = useQuery(queries.session()).data
  const obstacle = roleObstacle(session, 'analyst')
  const row = rows.find(({ id }) => id === selected?.row)
  const cell = row?.cells.find(({ phase }) => phase === selected?.phase)
  return (
    <>
      <Scrollable label="Categories and phases">
        <table className="w-full text-left">
          <thead className="text-faint">
            <tr>
              <th className="py-1.5 pr-4 font-medium">Category</th>
              {rows[0]?.cells.map(({ phase }) => (
                <th key={phase} className="px-2 py-1.5 font-medium">
                  {phase}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {rows.map((one) => (
              <tr key={one.id}>
                <th scope="row" className="py-1.5 pr-4 font-medium">
                  <Untrusted text={one.name} />
                  <span className="block font-normal text-faint">{one.tells === '' ? 'added here' : one.tells}</span>
                </th>
                {one.cells.map((own) => (
                  <td key={own.phase} className="px-2 py-1.5">
                    <button
                      type="button"
                      className={`badge ${LOOKS[own.score]}`}
                      title={inertLine(own.reason)}
                      aria-pressed={selected?.row === one.id && selected.phase === own.phase}
                      onClick={() => setSelected({ row: one.id, phase: own.phase })}
                    >
                      <span aria-hidden="true">{FILLS[own.score]}</span> {own.score}
                      {own.changed !== undefined && <span title="changed here">*</span>}
                    </button>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrollable>
      {row !== undefined && cell !== undefined && (
        <div className="note flex flex-col gap-2">
          <p>
            <Untrusted text={row.name} className="font-medium" />, {cell.phase}: {cell.score}.{' '}
            <Untrusted text={cell.reason} />
            {cell.changed !== undefined && (
              <>
                {' '}
                Changed by <Untrusted text={personWords(cell.changed.by)} /> at <Time at={cell.changed.at} />
              </>
            )}
          </p>
          <ScoreForm key={`${row.id} ${cell.phase}`} row={row} cell={cell} obstacle={obstacle} />
        </div>
      )}
      <AddRow obstacle={obstacle} />
      <History history={history} />
    </>
  )
}

function History({ history }: Pick<ScorecardWire, 'history'>) {
  if (history.length === 0) return <p className="text-faint">Nothing was changed: it is as it ships.</p>
  return (
    <details>
      <summary className="cursor-pointer text-soft">{history.length} changes</summary>
      <ul className="mt-2 flex flex-col divide-y divide-line">
        {history.map(({ decision, reason, by, at, entry }) => (
          <li key={entry} className="flex flex-wrap gap-x-3 py-1">
            <Time at={at} />
            <span className="font-medium">
              {decision.row} {decision.do === 'scored' ? `${decision.phase} ${decision.score}` : decision.do}
            </span>
            <Untrusted text={`${reason} (${personWords(by)})`} />
            <Proof entries={[entry]} />
          </li>
        ))}
      </ul>
    </details>
  )
}
