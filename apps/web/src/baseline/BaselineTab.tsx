import type { BaselineWire } from '@holdfast/api'
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { queries } from '../data/queries.ts'
import { CsvLink } from '../inventory/CsvLink.tsx'
import { Proof } from '../inventory/Proof.tsx'
import { paths } from '../paths.ts'
import { personWords } from '../text/person.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { ClockBadge } from '../ui/Badges.tsx'
import { CopyAs } from '../ui/CopyAs.tsx'
import { formatCount } from '../ui/format.ts'
import { TabHead } from '../ui/Page.tsx'
import { Scrollable } from '../ui/Scrollable.tsx'
import { shellWord } from '../ui/shell-quote.ts'
import { EmptyState } from '../ui/States.tsx'
import { Table } from '../ui/Table.tsx'
import { baselineCsv } from './baseline-csv.ts'
import { ConvergenceChart } from './ConvergenceChart.tsx'
import { DayTable } from './DayTable.tsx'
import { EntryTable } from './EntryTable.tsx'

const route = getRouteApi(paths.agentBaseline)

/** What the agent normally does: whether that has settled, by dimension and day, and every entry with its proof. */
export function BaselineTab() {
  const { agent } = route.useParams()
  const { at, dimension: asked } = route.useSearch()
  const { data: baseline } = useSuspenseQuery(queries.baseline(agent, at))
  if (baseline === null || baseline.dimensions.length === 0) {
    return (
      <EmptyState
        title="Nothing of this agent’s behaviour was observed yet"
        why="A profile is built from tool calls, model calls, requests and what the kernel sees, by the day that they are claimed for."
        command="npm run -s holdfast -- run -- node agent.js"
      />
    )
  }
  const shown = baseline.dimensions.find(({ dimension }) => dimension === asked) ?? worstOf(baseline)
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-auto p-4 *:shrink-0">
      <Head baseline={baseline} />
      <Dimensions baseline={baseline} shown={shown?.dimension ?? ''} />
      {shown !== undefined && (
        <section className="panel flex min-w-0 flex-col" aria-label={`Convergence of ${shown.dimension}`}>
          <header className="flex flex-wrap items-baseline gap-x-3 border-b border-line p-3">
            <h2 className="font-semibold">{shown.dimension}</h2>
            <span className={shown.converged ? 'text-good' : 'text-warn'}>{shown.verdict}</span>
          </header>
          <div className="p-3">
            <Scrollable label={`Chart of ${shown.dimension}`}>
              <ConvergenceChart baseline={baseline} dimension={shown.dimension} days={shown.days} />
            </Scrollable>
            <p className="mt-1 text-faint">
              Line: distance of each day from the aged profile of the day before. Band: mean of seven days and the root
              of their spread. Dashed: limits of the class. What is higher than the scale, as every first day, stands at
              its top. Ticks: recorded changes. Shaded: taken out.
            </p>
          </div>
          <DayTable days={shown.days} label={`Days of ${shown.dimension}`} />
        </section>
      )}
      <EntryTable agent={agent} at={at} dimension={shown?.dimension} />
      <Beside baseline={baseline} />
    </div>
  )
}

function Head({ baseline }: { readonly baseline: BaselineWire }) {
  const { agent, verdict, status, limits, track, partial, clocks, churn } = baseline
  return (
    <TabHead
      actions={
        <>
          {' '}
          <CsvLink name={`baseline-${agent}`} text={() => baselineCsv(baseline)} />
          <CopyAs
            command={`npm run -s holdfast -- baseline show ${shellWord(agent)}`}
            value={baseline}
            api={`/api/v1/agents/${encodeURIComponent(agent)}/baseline`}
          />
        </>
      }
    >
      <p>
        <span className={`badge ${BADGES[status]}`}>{status}</span> <span className="font-semibold">{verdict}</span>{' '}
        {clocks.map((clock) => (
          <ClockBadge key={clock} clock={clock} />
        ))}
      </p>
      <p className="text-soft">
        Class {baseline.class} ({baseline.classReasons.join('; ')}): new entries under {limits.novelty * 100} %,
        distance under {limits.distance}, spread under {limits.spread} for {limits.days} days in a row,{' '}
        {formatCount(limits.observations)} observations, half-life {limits.halfLifeDays} days.
      </p>
      <p className="text-soft">
        Track {track.track}: <Untrusted text={track.reasons.join('; ')} />. Data classes:{' '}
        {track.dataClasses === undefined ? 'not stated' : <Untrusted text={track.dataClasses.join(', ')} />}.
      </p>
      {track.obstacles.length > 0 && (
        <p className="note note-warn">May not start in production: {track.obstacles.join('; ')}.</p>
      )}
      {partial !== undefined && <p className="note note-warn">Partial: {partial}. Nothing may be enforced from it.</p>}
      {churn.restarts + churn.scalings > 0 && (
        <p className="text-faint">
          {formatCount(churn.restarts)} starts, ends and restarts of pods and {formatCount(churn.scalings)} changes of
          replicas: they reset nothing.
        </p>
      )}
    </TabHead>
  )
}

const BADGES: Readonly<Record<BaselineWire['status'], string>> = {
  'no-traffic': '',
  observing: 'badge-info',
  converged: 'badge-good',
  'non-convergent': 'badge-warn',
}

/** Which dimension is shown; each button says whether it has settled. */
function Dimensions({ baseline, shown }: { readonly baseline: BaselineWire; readonly shown: string }) {
  const navigate = useNavigate()
  return (
    <fieldset className="flex flex-wrap gap-2" aria-label="Dimension">
      {baseline.dimensions.map(({ dimension, converged, entries }) => (
        <button
          key={dimension}
          type="button"
          className={`button ${dimension === shown ? 'button-primary' : ''}`}
          aria-pressed={dimension === shown}
          onClick={() =>
            void navigate({
              to: paths.agentBaseline,
              params: { agent: baseline.agent },
              search: (before) => ({ ...before, dimension }),
              replace: true,
            })
          }
        >
          {dimension} · {formatCount(entries)} · {converged ? 'settled' : 'open'}
        </button>
      ))}
    </fieldset>
  )
}

/** Volumes, marks and changes: what else a verdict is read with. */
function Beside({ baseline: { volumes, marks, changes } }: { readonly baseline: BaselineWire }) {
  return (
    <div className="grid gap-5 xl:grid-cols-2">
      <section className="panel overflow-x-auto" aria-label="Volumes">
        <h2 className="border-b border-line p-3 font-semibold">Volumes of an execution</h2>
        <Table
          label="Volumes of an execution"
          columns={['Measure', ...['Executions', 'p50', 'p95', 'p99'].map((name) => ({ name, isNumber: true }))]}
        >
          {volumes.map(({ measure, executions, p50, p95, p99 }) => (
            <tr key={measure}>
              <td className="px-3 py-1.5">{measure}</td>
              {[executions, p50, p95, p99].map((value, i) => (
                <td key={['executions', 'p50', 'p95', 'p99'][i]} className="tabular px-3 py-1.5">
                  {formatCount(value)}
                </td>
              ))}
            </tr>
          ))}
        </Table>
      </section>
      <section className="panel overflow-x-auto" aria-label="Changes and marks">
        <h2 className="border-b border-line p-3 font-semibold">Changes and marks</h2>
        {changes.length + marks.length === 0 && <p className="p-3 text-faint">None was recorded.</p>}
        <ul className="divide-y divide-line">
          {marks.map(({ markId, mark, state, reason, by, entry, from, to }) => (
            <li key={markId} className="flex flex-wrap gap-x-3 px-3 py-1.5">
              <span className={`badge ${state === 'active' ? 'badge-warn' : ''}`}>
                {mark}, {state}
              </span>
              <span>
                {from ?? ''} {to === undefined ? '' : `to ${to}`}
              </span>
              <Untrusted text={`${reason} (${personWords(by)})`} />
              <Proof entries={[entry]} />
            </li>
          ))}
          {changes.toReversed().map(({ at, change, subject, from, to, entry }) => (
            <li key={`${entry} ${change} ${subject}`} className="flex flex-wrap gap-x-3 px-3 py-1.5">
              <Time at={at} />
              <span className="badge">{change}</span>
              <Untrusted text={[subject, from, to].filter((text) => text !== undefined).join(' → ')} />
              <Proof entries={[entry]} />
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}

/** The worst dimension decides, so it is shown first. */
function worstOf({ dimensions }: BaselineWire): BaselineWire['dimensions'][number] | undefined {
  return dimensions.find(({ converged }) => !converged) ?? dimensions[0]
}
