import type { BaselineWire } from '@holdfast/api'
import { useWidth } from '../ui/use-width.ts'
import { bandOf, middleOf, shareOf, type Day } from './chart-scale.ts'

type ChartProps = {
  readonly baseline: BaselineWire
  readonly dimension: string
  readonly days: readonly Day[]
}

/** Before it is measured. */
const WIDTH = 1200
/** Room of a date, in pixels of CSS. */
const DATE = 42
const LEFT = 48
const RIGHT = 12
const DISTANCE = { top: 24, height: 170 }
const SPREAD = { top: 230, height: 60 }
const HEIGHT = 328
/** Width of the longest word at the line from which on the verdict holds. */
const SINCE_ROOM = 150

/**
 * Distance by day in the band of its spread, and the spread below it; changes as ticks, excluded windows shaded. Drawn of
 * the numbers in the table under it, which is its twin for whoever does not see it.
 */
export function ConvergenceChart({ baseline, dimension, days }: ChartProps) {
  const [ref, width] = useWidth<HTMLDivElement>(WIDTH)
  const from = baseline.firstDay ?? days[0]?.date ?? ''
  const range = { from, to: laterOf(baseline.lastDay ?? from, baseline.since) }
  const x = (share: number): number => LEFT + share * (width - LEFT - RIGHT)
  const top = Math.max(baseline.limits.distance * 1.6, ...days.slice(1).map(({ distance }) => distance), 0.05)
  const y = (distance: number): number => DISTANCE.top + DISTANCE.height * (1 - Math.min(1, distance / top))
  const most = Math.max(baseline.limits.spread * 2, ...days.slice(7).map(({ spread = 0 }) => spread))
  const ySpread = (spread: number): number => SPREAD.top + SPREAD.height * (1 - Math.min(1, spread / most))
  const band = bandOf(days)
  const outline = [
    ...band.map(({ date, high }) => `${x(middleOf(date, range))},${y(high)}`),
    ...band.toReversed().map(({ date, low }) => `${x(middleOf(date, range))},${y(low)}`),
  ]
  const line = days.map(({ date, distance }) => `${x(middleOf(date, range))},${y(distance)}`)
  const spreads = days.flatMap(({ date, spread }) =>
    spread === undefined ? [] : [`${x(middleOf(date, range))},${ySpread(spread)}`],
  )
  return (
    <div ref={ref}>
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        role="img"
        aria-label={`Convergence of ${dimension}: ${baseline.verdict}`}
        className="w-full min-w-70"
      >
        <Exclusions baseline={baseline} width={width} place={(at) => x(shareOf(at, range))} />
        <polygon points={outline.join(' ')} className="chart-band" />
        <polyline points={line.join(' ')} className="chart-line" />
        {days.map(({ date, distance, within }) => (
          <circle
            key={date}
            cx={x(middleOf(date, range))}
            cy={y(distance)}
            r="3"
            className={within ? 'chart-dot' : 'chart-dot-out'}
          >
            <title>{`${date}: distance ${distance.toFixed(4)}, ${within ? 'within' : 'outside'} the limits`}</title>
          </circle>
        ))}
        <polyline points={spreads.join(' ')} className="chart-line-quiet" />
        {/* Above the lines, which would run through their names. */}
        <Limit width={width} y={y(baseline.limits.distance)} label={`δ ${baseline.limits.distance}`} />
        <Limit width={width} y={ySpread(baseline.limits.spread)} label={`V ${baseline.limits.spread}`} />
        {baseline.changes.map(({ at, change, subject, entry }) => (
          <line
            key={`${entry} ${change} ${subject}`}
            x1={x(shareOf(at, range))}
            x2={x(shareOf(at, range))}
            y1={DISTANCE.top - 8}
            y2={DISTANCE.top + 4}
            className="chart-tick"
          >
            <title>{`${change} ${subject}`}</title>
          </line>
        ))}
        {baseline.since !== undefined && (
          <g>
            <line
              x1={x(middleOf(baseline.since, range))}
              x2={x(middleOf(baseline.since, range))}
              y1={DISTANCE.top}
              y2={SPREAD.top + SPREAD.height}
              className="chart-since"
            />
            <SinceWords width={width} x={x(middleOf(baseline.since, range))} isConverged={baseline.converged} />
          </g>
        )}
        <Axis width={width} label="distance" top={DISTANCE.top} bottom={DISTANCE.top + DISTANCE.height} most={top} />
        <Axis width={width} label="spread" top={SPREAD.top} bottom={SPREAD.top + SPREAD.height} most={most} />
        {weeksOf(range, Math.floor((width - LEFT - RIGHT) / DATE)).map((date) => (
          <text key={date} x={x(middleOf(date, range))} y={HEIGHT - 12} textAnchor="middle" className="chart-text">
            {date.slice(5)}
          </text>
        ))}
      </svg>
    </div>
  )
}

type SinceProps = { readonly width: number; readonly x: number; readonly isConverged: boolean }

/** Beside the line on the side that has room. */
function SinceWords({ width, x, isConverged }: SinceProps) {
  const isAtEnd = x > width - SINCE_ROOM
  return (
    <text
      x={isAtEnd ? x - 5 : x + 5}
      y={DISTANCE.top - 10}
      textAnchor={isAtEnd ? 'end' : 'start'}
      className="chart-text"
    >
      {isConverged ? 'converged' : 'said not to converge'}
    </text>
  )
}

type ExclusionsProps = {
  readonly baseline: BaselineWire
  readonly width: number
  readonly place: (at: string) => number
}

function Exclusions({ baseline, width, place }: ExclusionsProps) {
  const windows = baseline.marks.filter(
    ({ state, from, to, mark }) => state === 'active' && (from ?? to) !== undefined && mark === 'contaminated',
  )
  return windows.map(({ markId, from, to, reason }) => {
    const [start, end] = [from === undefined ? LEFT : place(from), to === undefined ? width - RIGHT : place(to)]
    return (
      <rect
        key={markId}
        x={start}
        width={Math.max(2, end - start)}
        y={DISTANCE.top}
        height={SPREAD.top + SPREAD.height - DISTANCE.top}
        className="chart-excluded"
      >
        <title>{`taken out: ${reason}`}</title>
      </rect>
    )
  })
}

function Limit({ width, y, label }: { readonly width: number; readonly y: number; readonly label: string }) {
  return (
    <g>
      <line x1={LEFT} x2={width - RIGHT} y1={y} y2={y} className="chart-limit" />
      <text x={width - RIGHT} y={y - 4} textAnchor="end" className="chart-text">
        {label}
      </text>
    </g>
  )
}

type AxisProps = {
  readonly width: number
  readonly label: string
  readonly top: number
  readonly bottom: number
  readonly most: number
}

function Axis({ width, label, top, bottom, most }: AxisProps) {
  return (
    <g>
      <line x1={LEFT} x2={LEFT} y1={top} y2={bottom} className="chart-axis" />
      <line x1={LEFT} x2={width - RIGHT} y1={bottom} y2={bottom} className="chart-axis" />
      <text x={LEFT - 6} y={top + 9} textAnchor="end" className="chart-text">
        {most < 0.1 ? most.toFixed(3) : most.toFixed(2)}
      </text>
      <text x={LEFT - 6} y={bottom} textAnchor="end" className="chart-text">
        0
      </text>
      <text x={LEFT} y={top - 8} className="chart-text">
        {label}
      </text>
    </g>
  )
}

function laterOf(a: string, b: string | undefined): string {
  return b !== undefined && b > a ? b : a
}

/** Every seventh day, the first included, and no more of them than there is room for. */
function weeksOf({ from, to }: { readonly from: string; readonly to: string }, most: number): readonly string[] {
  const weeks: string[] = []
  for (let at = Date.parse(from); at <= Date.parse(to); at += 7 * 86_400_000)
    weeks.push(new Date(at).toISOString().slice(0, 10))
  // A profile of years keeps a readable axis.
  const step = Math.ceil(weeks.length / Math.max(1, Math.min(12, most)))
  return weeks.filter((_, i) => i % step === 0)
}
