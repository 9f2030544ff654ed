import type { DriftChangeWire, DriftWire } from '@holdfast/api'
import { inertLine } from '../text/inert.ts'
import { plural } from '../ui/format.ts'
import { useWidth } from '../ui/use-width.ts'
import { columnsIn, type Place, placesOf, ROWS, shareOf } from './lane-places.ts'

/** Before it is measured. */
const WIDTH = 1200
const [LEFT, RIGHT] = [84, 14]
/** Of a mark with its rim, and of a date, in pixels of CSS. */
const [MARK, DATE] = [16, 42]
const STEP = 18
const LANE = ROWS * STEP + 10
const MIDDLE = LANE + 26
const HEIGHT = 2 * MIDDLE + 22

/**
 * The window in two lanes, evolution above and risky below, with the recorded changes as ticks between them and silent days
 * shaded. Each mark leads to its row of the table, which is the picture's twin.
 */
export function DriftLanes({ drift }: { readonly drift: DriftWire }) {
  const [ref, width] = useWidth<HTMLDivElement>(WIDTH)
  const inner = width - LEFT - RIGHT
  const x = (share: number): number => LEFT + share * inner
  const days = daysOf(drift)
  const columns = columnsIn(inner, MARK)
  const step = Math.max(5, Math.ceil((DATE * days.length) / inner))
  const lanes = [drift.evolution, drift.risky].map((changes) => placesOf(changes, drift, columns))
  const left = lanes.flat().filter((place) => place === undefined).length
  return (
    <div ref={ref}>
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a picture with links in it: no element of HTML is both
        role="group"
        aria-label={`${drift.evolution.length} changes are evolution, ${drift.risky.length} are risky, between ${drift.from.slice(0, 10)} and ${drift.asOf.slice(0, 10)}`}
        className="w-full min-w-70"
      >
        <rect x={LEFT} y={4} width={inner} height={LANE} className="lane-quiet" />
        <rect x={LEFT} y={MIDDLE + 26} width={inner} height={LANE} className="lane-quiet" />
        {drift.silent.map(({ date, tier }) => (
          <rect
            key={`${date} ${tier}`}
            x={x(shareOf(`${date}T00:00:00Z`, drift))}
            y={4}
            width={Math.max(3, inner / Math.max(1, days.length))}
            height={HEIGHT - 26}
            className="chart-excluded"
          >
            <title>{`${date}: a stream that speaks every day was silent (${tier})`}</title>
          </rect>
        ))}
        <text x={4} y={4 + LANE / 2} className="chart-text">
          Evolution
        </text>
        <text x={4} y={MIDDLE + 4} className="chart-text">
          Changes
        </text>
        <text x={4} y={MIDDLE + 26 + LANE / 2} className="chart-text">
          Risky
        </text>
        <line x1={LEFT} x2={width - RIGHT} y1={MIDDLE} y2={MIDDLE} className="chart-axis" />
        {drift.changes.map((change) => (
          <line
            key={`${change.event} ${change.change}`}
            x1={x(shareOf(change.at, drift))}
            x2={x(shareOf(change.at, drift))}
            y1={MIDDLE - 9}
            y2={MIDDLE + 9}
            className="chart-tick"
          >
            <title>{`${change.change} ${change.subject}${change.approver === undefined ? '' : `, approved by ${change.approver}`}`}</title>
          </line>
        ))}
        <Marks changes={drift.evolution} places={lanes[0] ?? []} x={x} yOf={(row) => LANE - 8 - row * STEP} />
        <Marks changes={drift.risky} places={lanes[1] ?? []} x={x} yOf={(row) => MIDDLE + 40 + row * STEP} />
        {days
          .filter((_date, i) => i % step === 0)
          .map((date) => (
            <text
              key={date}
              x={x(shareOf(`${date}T12:00:00Z`, drift))}
              y={HEIGHT - 4}
              textAnchor={x(shareOf(`${date}T12:00:00Z`, drift)) > width - 3 * RIGHT ? 'end' : 'middle'}
              className="chart-text"
            >
              {date.slice(5)}
            </text>
          ))}
      </svg>
      {left > 0 && (
        <p className="text-soft">
          {plural(left, 'mark')} more than their days have room for: the tables below have them.
        </p>
      )}
    </div>
  )
}

type MarksProps = {
  readonly changes: readonly DriftChangeWire[]
  readonly places: readonly (Place | undefined)[]
  readonly x: (share: number) => number
  readonly yOf: (row: number) => number
}

/** A circle is evolution, a square low or medium, a diamond high: told apart without colour. */
function Marks({ changes, places, x, yOf }: MarksProps) {
  return changes.map((change, i) => {
    const place = places[i]
    if (place === undefined) return null
    const [cx, cy] = [x(place.share), yOf(place.row)]
    const words = inertLine(
      `${change.at.slice(0, 16).replace('T', ' ')} UTC: ${change.what} (${change.verdict}, ${change.severity})`,
    )
    const title = <title>{words}</title>
    return (
      <a key={change.id} href={`#drift-${change.id}`} aria-label={words}>
        {change.side === 'evolution' ? (
          <circle cx={cx} cy={cy} r="6" className="hour-heard">
            {title}
          </circle>
        ) : (
          <rect
            x={cx - 6}
            y={cy - 6}
            width="12"
            height="12"
            transform={change.severity === 'high' ? `rotate(45 ${cx} ${cy})` : undefined}
            className={change.severity === 'high' ? 'mark-bad' : 'mark-warn'}
          >
            {title}
          </rect>
        )}
      </a>
    )
  })
}

function daysOf({ from, asOf }: DriftWire): readonly string[] {
  const [first, last] = [Math.floor(Date.parse(from) / DAY_MS), Math.floor(Date.parse(asOf) / DAY_MS)]
  return Array.from({ length: Math.max(1, last - first + 1) }, (_, i) =>
    new Date((first + i) * DAY_MS).toISOString().slice(0, 10),
  )
}

const DAY_MS = 86_400_000
