import { FLEET_MARKS, type BlindSpotWire, type FleetMark, type FleetRow, type FleetWire } from '@holdfast/api'
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { NoAgentYet } from '../agents/NoAgentYet.tsx'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { CopyAs } from '../ui/CopyAs.tsx'
import { formatCount, formatDuration, plural } from '../ui/format.ts'
import { observedDays } from './observed-days.ts'
import { PageHead } from '../ui/Page.tsx'
import { Remedy } from '../ui/Remedy.tsx'
import { TwinId } from '../ui/TwinId.tsx'
import { twinsOf } from '../ui/twins.ts'
import { FleetTable } from './FleetTable.tsx'
import { FleetTiles } from './FleetTiles.tsx'
import { Ingest, LogState } from './Ingest.tsx'
import { MARKS } from './marks.ts'
import { fleetQueries } from './queries.ts'

const route = getRouteApi(paths.fleet)

/** All agents together, for whoever looks rather than reads: every count leads to the agents behind it. */
export function FleetPage() {
  const { mark, class: named, view } = route.useSearch()
  const { data: fleet } = useSuspenseQuery(fleetQueries.fleet())
  if (fleet.agents.total === 0)
    return (
      <>
        <PageHead tab="Fleet" title="Fleet" />
        <NoAgentYet why="Agents stand here by class and state as soon as their first record is in." />
      </>
    )
  const isList = mark !== undefined || named !== undefined || view === 'table'
  return (
    <div data-scrolls="page" className="flex min-h-0 flex-1 flex-col overflow-auto">
      <Head fleet={fleet} />
      <Counts fleet={fleet} mark={mark} />
      {isList ? (
        <>
          <Filtered mark={mark} named={named} />
          <FleetTable mark={mark} class={named} />
        </>
      ) : (
        <div className="flex flex-col gap-5 p-4">
          <FleetTiles fleet={fleet} />
          <div className="grid items-start gap-4 lg:grid-cols-2">
            <div className="flex min-w-0 flex-col gap-4">
              <Observing rows={fleet.observing} />
              <BlindSpots spots={fleet.blind} />
            </div>
            <div className="flex min-w-0 flex-col gap-4">
              <Ingest ingest={fleet.ingest} />
              <LogState integrity={fleet.integrity} />
            </div>
          </div>
        </div>
      )}
    </div>
  )
}

function Head({ fleet }: { readonly fleet: FleetWire }) {
  const { agents, incidents, asOf } = fleet
  const held = countOf(fleet, 'contained')
  return (
    <PageHead
      tab="Fleet"
      title={`${plural(agents.total, 'agent')}: ${incidents.open === 0 ? 'no open incident' : plural(incidents.open, 'open incident')}, ${formatCount(held)} held`}
      actions={
        <>
          <Link to={paths.doctor} className="button">
            Doctor
          </Link>
          <CopyAs command="npm run -s holdfast -- fleet" value={fleet} api="/api/v1/fleet" />
        </>
      }
    >
      As of <Time at={asOf} />
      {agents.unread > 0 &&
        `. The profiles of ${plural(agents.unread, 'agent')} are being read: their counts are of before`}
      {incidents.truncated && '. More incidents than are looked at: the oldest are not among the open ones'}.
    </PageHead>
  )
}

function countOf({ marks }: Pick<FleetWire, 'marks'>, mark: FleetMark): number {
  return marks.find((one) => one.mark === mark)?.agents ?? 0
}

/** How many bear each mark, as links to them. What nobody bears is left out, but for what is asked about first. */
function Counts({ fleet, mark: chosen }: { readonly fleet: FleetWire; readonly mark: FleetMark | undefined }) {
  const shown = FLEET_MARKS.filter((mark) => ALWAYS.has(mark) || countOf(fleet, mark) > 0)
  return (
    <nav aria-label="Agents by state" className="flex flex-wrap gap-2 border-b border-line bg-surface px-4 py-3">
      {shown.map((mark) => {
        const { text, says, sign, badge } = MARKS[mark]
        const count = countOf(fleet, mark)
        return (
          <Link
            key={mark}
            to={paths.fleet}
            search={mark === chosen ? {} : { mark }}
            title={says}
            aria-current={mark === chosen ? 'true' : undefined}
            className={`fleet-tile ${count === 0 ? '' : badge} ${mark === chosen ? 'ring-2 ring-accent' : ''} flex items-baseline gap-1.5 px-2.5 py-1`}
          >
            <span aria-hidden="true">{sign}</span>
            <span className="tabular text-lg font-semibold">{formatCount(count)}</span>
            <span className="whitespace-nowrap">{text}</span>
          </Link>
        )
      })}
      <Link
        to={paths.fleet}
        search={(before) => ({ view: before.view === 'table' ? undefined : 'table' })}
        className="link self-center"
      >
        All as a table
      </Link>
    </nav>
  )
}

const ALWAYS: ReadonlySet<FleetMark> = new Set(['incident', 'contained', 'contaminated', 'observing', 'converged'])

function Filtered({ mark, named }: { readonly mark: FleetMark | undefined; readonly named: string | undefined }) {
  const navigate = useNavigate()
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 pt-3">
      <h2 className="font-semibold">
        {mark === undefined && named === undefined ? 'All agents' : 'Agents'}
        {mark !== undefined && ` that are: ${MARKS[mark].text}`}
        {named !== undefined && ` of class ${named}`}
      </h2>
      <button type="button" className="button" onClick={() => void navigate({ to: paths.fleet, search: {} })}>
        Back to the picture
      </button>
    </div>
  )
}

/** Who is under observation and how far: the longest first, for so long it has been an exposure. */
function Observing({ rows }: { readonly rows: readonly FleetRow[] }) {
  const twins = twinsOf(rows)
  return (
    <section aria-label="Under observation" className="panel flex flex-col gap-2 p-4">
      <h2 className="flex items-baseline gap-3 text-lg font-semibold">
        Under observation
        <Link to={paths.observed} className="link text-base font-normal">
          with data classes and tracks
        </Link>
      </h2>
      {rows.length === 0 && <p className="text-soft">Nobody: every profile has converged.</p>}
      <ul className="flex flex-col divide-y divide-line">
        {rows.map(({ agent, name, class: agentClass, verdict, observed, marks }) => (
          <li key={agent} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-0.5 py-1.5">
            <span className="min-w-0 truncate">
              <Link to={paths.agentBaseline} params={{ agent }} className="link font-medium">
                <Untrusted text={name} />
              </Link>{' '}
              <span className="text-faint">{agentClass}</span>
              <TwinId agent={agent} name={name} twins={twins} />
            </span>
            <span className="tabular text-soft">
              {observed === undefined ? '' : `for ${formatDuration(observed.hours * 3_600_000)}`}
            </span>
            {observed !== undefined && <Progress observed={observed} />}
            {isWaiting({ marks, observed }) && <span className="col-span-2 text-faint">{verdict}</span>}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Days and observations are enough, and it is a dimension that is waited for: its verdict names it. */
function isWaiting({ marks, observed }: Pick<FleetRow, 'marks' | 'observed'>): boolean {
  if (marks.includes('non-convergent')) return true
  return observed !== undefined && observed.days >= observed.ofDays && observed.observations >= observed.ofObservations
}

function Progress({ observed }: { readonly observed: NonNullable<FleetRow['observed']> }) {
  const { days, ofDays, observations, ofObservations } = observed
  const share = (got: number, of: number): number => Math.min(100, Math.round((100 * got) / Math.max(1, of)))
  return (
    <span className="col-span-2 grid grid-cols-2 gap-3 text-faint">
      {(
        [
          [observedDays(days, ofDays), share(days, ofDays)],
          [
            observations < ofObservations
              ? `${formatCount(observations)} of ${formatCount(ofObservations)} observations`
              : `${plural(observations, 'observation')}, ${formatCount(ofObservations)} needed`,
            share(observations, ofObservations),
          ],
        ] as const
      ).map(([words, percent]) => (
        <span key={words} className="flex flex-col gap-0.5">
          <span className="meter" aria-hidden="true">
            <span style={{ width: `${percent}%` }} />
          </span>
          <span>{words}</span>
        </span>
      ))}
    </span>
  )
}

/** Where nobody looks: how much of it there is, why, and what would change it. */
function BlindSpots({ spots }: { readonly spots: readonly BlindSpotWire[] }) {
  return (
    <section aria-label="Blind spots" className="panel flex flex-col gap-2 p-4">
      <h2 className="text-lg font-semibold">Blind spots</h2>
      {spots.length === 0 && (
        <p className="text-soft">None that is known: every agent is seen from outside and its content is captured.</p>
      )}
      <ul className="flex flex-col divide-y divide-line">
        {spots.map(({ id, title, detail, count, of, remedy, mark }) => (
          <li key={id} className="flex flex-col gap-0.5 py-1.5">
            <span className="flex flex-wrap items-baseline gap-x-2">
              {count > 0 && (
                <span className="tabular font-semibold">
                  {formatCount(count)}
                  {of !== undefined && of > 0 && <span className="font-normal text-faint"> of {formatCount(of)}</span>}
                </span>
              )}
              {mark === undefined ? (
                <span className="font-medium">{title}</span>
              ) : (
                <Link to={paths.fleet} search={{ mark }} className="link font-medium">
                  {title}
                </Link>
              )}
            </span>
            <Untrusted text={detail} className="text-soft" />
            {remedy !== undefined && <Remedy text={remedy} label={`the fix of ${title}`} />}
          </li>
        ))}
      </ul>
    </section>
  )
}
