import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { queries } from '../data/queries.ts'
import { useNow } from '../time/use-now.ts'
import { formatCount } from '../ui/format.ts'
import { changesBetween, type HandleScale, handleScale, instantOf, secondsOf } from './handle-scale.ts'

type Handles = { readonly at: string | undefined; readonly since: string | undefined }
type StripProps = Handles & {
  readonly agent: string
  readonly onChange: (handles: Handles) => void
}

/** Everything that ever changed, from the first record on. */
const BEGINNING = '1970-01-01T00:00:00Z'
const MINUTE_MS = 60_000
const HOUR = 3_600
const SPANS = [
  { seconds: HOUR, text: '1 hour' },
  { seconds: 24 * HOUR, text: '1 day' },
  { seconds: 7 * 24 * HOUR, text: '7 days' },
  { seconds: 30 * 24 * HOUR, text: '30 days' },
] as const

/** Two handles on one line of time, a tick for each change: drag them, or step with the arrow keys. */
export function HandleStrip({ agent, at, since, onChange }: StripProps) {
  const { data, isPending } = useQuery(queries.bomDiff(agent, { from: BEGINNING, to: undefined }))
  // To the minute: a scale that moves with each second moves what is being dragged.
  const now = new Date(Math.floor(useNow() / MINUTE_MS) * MINUTE_MS).toISOString()
  const scale =
    data === undefined
      ? undefined
      : handleScale(
          data.changes.flatMap(({ when }) => when ?? []),
          now,
        )
  // Its room while it is read, so that what stands below is not moved by it.
  if (data === undefined && isPending) return <div className="panel min-h-34" />
  if (scale === undefined) return null
  const until = at === undefined ? scale.end : secondsOf(at)
  return (
    <section aria-label="Time handles" className="panel flex flex-col gap-2 p-3">
      <div className="flex flex-wrap items-center gap-2">
        <span className="eyebrow">Changed since</span>
        {SPANS.map(({ seconds, text }) => {
          const from = until - seconds
          const count = changesBetween(scale, from, until)
          const instant = instantOf(from)
          return (
            <button
              key={text}
              type="button"
              aria-pressed={since === instant}
              className={`badge cursor-pointer ${count > 0 ? 'badge-info' : ''}`}
              onClick={() => onChange({ at, since: since === instant ? undefined : instant })}
            >
              {text}: {formatCount(count)}
            </button>
          )
        })}
        <button
          type="button"
          className="badge cursor-pointer"
          onClick={() => onChange({ at, since: since === undefined ? instantOf(scale.start) : undefined })}
        >
          {since === undefined
            ? `ever: ${formatCount(changesBetween(scale, scale.start, until))}`
            : 'compare with nothing'}
        </button>
      </div>
      <div className={ROW}>
        <span className="col-start-2">
          <Ticks scale={scale} since={since} at={at} />
        </span>
      </div>
      <Handle
        label="Compare with"
        scale={scale}
        value={since === undefined ? scale.start : secondsOf(since)}
        onCommit={(next) => onChange({ at, since: next <= scale.start ? undefined : instantOf(next) })}
      />
      <Handle
        label="As of"
        scale={scale}
        value={until}
        onCommit={(next) => onChange({ since, at: next >= scale.end ? undefined : instantOf(next) })}
      />
    </section>
  )
}

/** Ticks stand above the handles, on the same line of time. */
const ROW = 'grid grid-cols-[6rem_1fr] items-center gap-x-3 sm:grid-cols-[6rem_1fr_12rem]'
const WIDTH = 1_000

function told(seconds: number): string {
  return `${instantOf(seconds).replace('T', ' ').replace('Z', '')} UTC`
}

function Ticks({ scale, since, at }: Handles & { readonly scale: HandleScale }) {
  const x = (seconds: number): number => (WIDTH * (seconds - scale.start)) / (scale.end - scale.start)
  const from = since === undefined ? undefined : x(secondsOf(since))
  const until = at === undefined ? WIDTH : x(secondsOf(at))
  return (
    <svg
      viewBox={`0 0 ${WIDTH} 20`}
      preserveAspectRatio="none"
      className="h-5 w-full"
      role="img"
      aria-label={`${formatCount(scale.ticks.length)} changes`}
    >
      <rect x="0" y="9" width={WIDTH} height="2" className="lane-quiet" />
      {from !== undefined && until > from && (
        <rect x={from} y="2" width={until - from} height="16" className="chart-band" />
      )}
      {scale.ticks.map((tick, i) => (
        <line key={`${tick} ${String(i)}`} x1={x(tick)} x2={x(tick)} y1="2" y2="18" className="chart-tick" />
      ))}
    </svg>
  )
}

type HandleProps = {
  readonly label: string
  readonly scale: HandleScale
  readonly value: number
  readonly onCommit: (value: number) => void
}

/** One handle; the page is asked when it is let go of, and not for every place on the way. */
function Handle({ label, scale, value, onCommit }: HandleProps) {
  const [dragged, setDragged] = useState<number>()
  const shown = Math.min(scale.end, Math.max(scale.start, dragged ?? value))
  const commit = (): void => {
    if (dragged !== undefined && dragged !== value) onCommit(dragged)
    setDragged(undefined)
  }
  return (
    <label className={ROW}>
      <span className="text-soft">{label}</span>
      <input
        type="range"
        className="w-full accent-[var(--accent)]"
        min={scale.start}
        max={scale.end}
        step={Math.max(1, Math.round((scale.end - scale.start) / WIDTH))}
        value={shown}
        aria-valuetext={told(shown)}
        onChange={(event) => setDragged(event.target.valueAsNumber)}
        onPointerUp={commit}
        onKeyUp={commit}
        onBlur={commit}
      />
      <span className="tabular col-span-2 text-soft sm:col-span-1">{told(shown)}</span>
    </label>
  )
}
