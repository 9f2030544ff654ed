import type { IncidentWire, TimelineMoment } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Proof } from '../inventory/Proof.tsx'
import { MOMENTS_MOST, MOMENTS_SHOWN } from '../limits.ts'
import { paths } from '../paths.ts'
import { useAt } from '../shell/at/use-at.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { SeekerStrip } from '../time/SeekerStrip.tsx'
import { parseWireTime } from '../time/time.ts'
import { Time } from '../time/Time.tsx'
import { formatCount } from '../ui/format.ts'
import { NotReadAgain, Unread } from '../ui/States.tsx'
import { EventLink } from './EventLink.tsx'
import { conversationOf, decisiveEvent } from './graph-of.ts'
import { incidentQueries } from './queries.ts'
import { countsByKind, timelineRows, type TimelineRow } from './timeline-rows.ts'

const route = getRouteApi(paths.incident)

const KINDS = { agent: 'agents', detection: 'conclusions', operator: 'people', product: 'Holdfast' } as const
const LOOKS: Readonly<Record<TimelineMoment['kind'], string>> = {
  agent: 'badge-bad',
  detection: 'badge-warn',
  operator: 'badge-info',
  product: '',
}

/** Everything that happened about it, the earliest first, up to the instant of the address; `?who=` there shows one kind of actor. */
export function Timeline({ incident }: { readonly incident: IncidentWire }) {
  const { who, all } = route.useSearch()
  const { at, by, set } = useAt()
  const navigate = route.useNavigate()
  const limit = all === true ? MOMENTS_MOST : MOMENTS_SHOWN
  const { data, error, refetch } = useQuery(incidentQueries.timeline(incident.id, limit))
  const about = { what: 'the timeline', error, onRetry: () => void refetch() }
  if (data === undefined) return <Unread {...about} />
  const counts = countsByKind(data.items)
  const until = at === undefined ? undefined : parseWireTime(at)
  const past = data.items.filter((moment) => until === undefined || (parseWireTime(moment.at) ?? until) <= until)
  const rows = timelineRows(who === undefined ? past : past.filter(({ kind }) => kind === who))
  const later = data.items.length - past.length
  return (
    <section id="timeline" aria-label="Timeline" className="panel flex scroll-mt-2 flex-col gap-2 p-3">
      <h2 className="flex flex-wrap items-baseline gap-x-3 font-semibold">
        Timeline
        <span className="font-normal text-soft">
          {data.items.length === data.total
            ? `${formatCount(data.total)} of ${formatCount(data.total)} moments`
            : `the newest ${formatCount(data.items.length)} of ${formatCount(data.total)} moments`}
          {later > 0 && `; ${formatCount(later)} later than the instant that is shown are left out`}
          {data.forgotten > 0 && `; ${formatCount(data.forgotten)} places of older logs are not looked up`}
        </span>
        {data.items.length < data.total && all !== true && (
          <button
            type="button"
            className="button"
            onClick={() => void navigate({ search: (before) => ({ ...before, all: true }), replace: true })}
          >
            Show more
          </button>
        )}
      </h2>
      <NotReadAgain {...about} />
      <SeekerStrip
        conversation={conversationOf(incident, decisiveEvent(incident) ?? '')}
        together={undefined}
        time={{ at, by }}
        onTime={set}
        hasKeys={false}
      />
      <fieldset className="segmented self-start">
        <legend className="sr-only">Whose acts</legend>
        <button
          type="button"
          aria-pressed={who === undefined}
          onClick={() => void navigate({ search: ({ who: _who, ...rest }) => rest, replace: true })}
        >
          all
        </button>
        {(Object.keys(KINDS) as TimelineMoment['kind'][]) // the keys of a record of kinds
          .map((kind) => (
            <button
              key={kind}
              type="button"
              aria-pressed={who === kind}
              onClick={() => void navigate({ search: (before) => ({ ...before, who: kind }), replace: true })}
            >
              {KINDS[kind]} {formatCount(counts.get(kind) ?? 0)}
            </button>
          ))}
      </fieldset>
      {rows.length === 0 && <p className="text-soft">Nothing of this kind is on record.</p>}
      <ol className="flex flex-col divide-y divide-line">
        {rows.map((row) => (
          <Row key={`${row.at} ${row.entries[0] ?? ''} ${row.words}`} row={row} incident={incident} />
        ))}
      </ol>
    </section>
  )
}

function Row({ row, incident }: { readonly row: TimelineRow; readonly incident: IncidentWire }) {
  const { at, until, times, kind, who, words, entries, event } = row
  return (
    <li className="grid items-baseline gap-x-3 py-1 md:grid-cols-[15rem_6rem_minmax(0,1fr)_auto]" data-finding={event}>
      <span>
        <Time at={at} />
        {times > 1 && (
          <span className="block text-xs text-faint">
            to <Time at={until} form="clock" />
          </span>
        )}
      </span>
      <span className={`badge justify-self-start ${LOOKS[kind]}`}>{KINDS[kind]}</span>
      <span className="min-w-0">
        {times > 1 && <strong className="tabular">{formatCount(times)} times: </strong>}
        <Untrusted text={words} /> <Untrusted text={who} className="text-faint" />
      </span>
      <span className="flex flex-wrap gap-x-2">
        {event !== undefined && <EventLink event={event} conversation={conversationOf(incident, event)} label="open" />}
        <Proof entries={entries.slice(0, 2)} />
        {entries.length > 2 && <span className="text-faint">+{entries.length - 2}</span>}
      </span>
    </li>
  )
}
