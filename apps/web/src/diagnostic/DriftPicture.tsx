import type { DiagnosticPictureWire } from '@holdfast/api'
import { COLUMNS, placesOf, ROWS, shareOf } from '../drift/lane-places.ts'
import { plural } from '../ui/format.ts'

type Drift = Extract<DiagnosticPictureWire, { readonly kind: 'drift' }>

const WIDTH = 320
const MARK = 5
const STEP = 7
const LANE = ROWS * STEP + 4
/** Between the lanes, where deploys stand. */
const BETWEEN = 14

/** Thirty days: evolution above, risky below, both stacked away from the deploys between them. */
export function DriftPicture({ picture: { from, to, changes, deploys } }: { readonly picture: Drift }) {
  const window = { from, asOf: to }
  const evolution = changes.filter(({ side }) => side === 'evolution')
  const risky = changes.filter(({ side }) => side === 'risky')
  return (
    <div className="flex flex-col gap-1">
      <p className="text-faint">{evolution.length === 0 ? 'no evolution' : `${evolution.length} evolution`}</p>
      <svg
        viewBox={`0 0 ${WIDTH} ${2 * LANE + BETWEEN}`}
        className="w-full"
        role="img"
        aria-label={`${evolution.length} evolution, ${risky.length} risky, ${plural(deploys.length, 'deploy')}`}
      >
        <rect width={WIDTH} height={LANE} rx="3" className="lane-quiet" />
        <rect y={LANE + BETWEEN} width={WIDTH} height={LANE} rx="3" className="lane-quiet" />
        {deploys.map((at, i) => {
          const x = shareOf(at, window) * WIDTH
          return (
            <line
              key={`${at} ${String(i)}`}
              x1={x}
              x2={x}
              y1={LANE + 2}
              y2={LANE + BETWEEN - 2}
              className="chart-tick"
            />
          )
        })}
        <Marks changes={evolution} window={window} />
        <Marks changes={risky} window={window} isBelow />
      </svg>
      <p className={risky.length === 0 ? 'text-faint' : 'text-bad'}>
        {risky.length === 0 ? 'nothing risky' : `${risky.length} risky`}
      </p>
      <p className="flex justify-between gap-2 text-faint">
        <span>{from.slice(0, 10)}</span>
        <span>{deploys.length === 0 ? 'no deploy' : plural(deploys.length, 'deploy')}</span>
        <span>{to.slice(0, 10)}</span>
      </p>
    </div>
  )
}

type MarksProps = {
  readonly changes: Drift['changes']
  readonly window: { readonly from: string; readonly asOf: string }
  readonly isBelow?: boolean
}

function Marks({ changes, window, isBelow = false }: MarksProps) {
  return placesOf(changes, window).map((place, i) => {
    if (place === undefined) return null
    // Inside the lane at both ends of the window.
    const x = WIDTH / COLUMNS / 2 + place.share * (WIDTH - WIDTH / COLUMNS) - MARK / 2
    const y = isBelow ? LANE + BETWEEN + 3 + place.row * STEP : LANE - STEP - 1 - place.row * STEP
    const ink = !isBelow ? 'chart-dot' : changes[i]?.severity === 'high' ? 'mark-bad' : 'mark-warn'
    return <rect key={i} x={x} y={y} width={MARK} height={MARK} rx={isBelow ? 0 : MARK / 2} className={ink} />
  })
}
