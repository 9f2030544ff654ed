import { type FleetWire, runwayWords } from '@holdfast/api'
import { Link } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { Time } from '../time/Time.tsx'
import { Fact } from '../ui/Page.tsx'
import { formatBytes, formatCount, formatDuration, plural } from '../ui/format.ts'

const STATES = {
  receiving: { badge: 'badge-good', text: 'receiving' },
  silent: { badge: 'badge-warn', text: 'silent: nothing for an hour' },
  never: { badge: 'badge-warn', text: 'nothing was ever received' },
} as const

const WIDTH = 480
const HEIGHT = 56

/** What arrives, hour by hour, and what did not get in. */
export function Ingest({ ingest }: { readonly ingest: FleetWire['ingest'] }) {
  const { state, last, hours, lag, refused, lost, duplicates, reasons } = ingest
  const most = Math.max(1, ...hours.map(({ records }) => records))
  const step = WIDTH / Math.max(1, hours.length)
  const total = hours.reduce((sum, { records }) => sum + records, 0)
  return (
    <section aria-label="Ingest" className="panel flex flex-col gap-2 p-4">
      <h2 className="flex flex-wrap items-center gap-2 text-lg font-semibold">
        Ingest <span className={`badge ${STATES[state].badge}`}>{STATES[state].text}</span>
      </h2>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-14 w-full"
        role="img"
        aria-label={`${plural(total, 'record')} in 24 hours, at most ${formatCount(most)} in one`}
      >
        {hours.map(({ from, records }, i) => {
          const height = records === 0 ? 2 : Math.max(3, (records / most) * HEIGHT)
          return (
            <rect
              key={from}
              x={i * step + 1}
              y={HEIGHT - height}
              width={step - 2}
              height={height}
              className={records === 0 ? 'fleet-hour-empty' : 'fleet-hour'}
            >
              <title>{`${from.slice(11, 16)} UTC: ${plural(records, 'record')}`}</title>
            </rect>
          )
        })}
      </svg>
      <p className="flex justify-between text-faint">
        <span>{hours[0]?.from.slice(11, 16)} UTC yesterday</span>
        <span>{plural(total, 'record')} in 24 hours</span>
        <span>this hour</span>
      </p>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-2 sm:grid-cols-4">
        <Fact label="Last heard" className="col-span-2 sm:col-span-3">
          {last === undefined ? 'never' : <Time at={last} ago />}
        </Fact>
        <Fact label="Not folded yet">{plural(lag, 'entry', 'entries')}</Fact>
        <Fact label="Repeats">{formatCount(duplicates)}</Fact>
        <Fact label="Refused">
          <span className={refused > 0 ? 'text-warn' : ''}>{plural(refused, 'record')}</span>
          {reasons.length > 0 && (
            <span className="block text-faint">
              {reasons.map(({ reason, requests }) => `${reason} ${formatCount(requests)}`).join(', ')}
            </span>
          )}
        </Fact>
        <Fact label="Lost">
          <span className={lost > 0 ? 'text-bad' : ''}>{plural(lost, 'record')}</span>
        </Fact>
      </dl>
      <Link to={paths.tail} className="link self-start">
        Watch what arrives
      </Link>
    </section>
  )
}

/** The log below everything: how far it is signed, what is missing, how long the disk lasts. */
export function LogState({ integrity }: { readonly integrity: FleetWire['integrity'] }) {
  const { size, checkpoint, checkpointAgeMs, gaps, freeBytes } = integrity
  return (
    <section aria-label="Log" className="panel flex flex-col gap-2 p-4">
      <h2 className="flex flex-wrap items-center gap-2 text-lg font-semibold">
        Log
        <span className={`badge ${checkpoint === size ? 'badge-good' : 'badge-info'}`}>
          {checkpoint === size ? 'signed to its end' : `${formatCount(size - checkpoint)} not signed yet`}
        </span>
      </h2>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-2 sm:grid-cols-3">
        <Fact label="Entries">{formatCount(size)}</Fact>
        <Fact label="Checkpoint">{formatDuration(checkpointAgeMs)} ago</Fact>
        <Fact label="Gaps">
          <span className={gaps > 0 ? 'text-warn' : ''}>{formatCount(gaps)}</span>
        </Fact>
        <Fact label="Disk free">{formatBytes(freeBytes)}</Fact>
        <Fact label="Disk lasts">{runwayWords(integrity)}</Fact>
      </dl>
      <Link to={paths.integrity} className="link self-start">
        Prove it
      </Link>
    </section>
  )
}
