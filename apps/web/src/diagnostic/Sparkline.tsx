import type { DiagnosticPictureWire } from '@holdfast/api'
import { plural } from '../ui/format.ts'

const WIDTH = 320
const HEIGHT = 84

type Picture = Extract<DiagnosticPictureWire, { readonly kind: 'convergence' }>

/** Distance by day, with the day from which on it is steady. The page of the baseline has the numbers. */
export function Sparkline({ picture: { days, dimension, since } }: { readonly picture: Picture }) {
  const most = Math.max(0.02, ...days.slice(1).map(({ distance }) => distance))
  const x = (i: number): number => 6 + ((WIDTH - 12) * i) / Math.max(1, days.length - 1)
  const y = (distance: number): number => HEIGHT - 6 - (HEIGHT - 14) * Math.min(1, distance / most)
  const steady = since === undefined ? -1 : days.findIndex(({ date }) => date >= since)
  const within = days.filter((day) => day.within).length
  return (
    <div>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className="w-full"
        role="img"
        aria-label={`${dimension}: ${plural(days.length, 'day')}, ${within} of them within the limits`}
      >
        {steady >= 0 && (
          <>
            <rect
              x={x(steady)}
              y="4"
              width={Math.max(0, WIDTH - 6 - x(steady))}
              height={HEIGHT - 8}
              className="chart-band"
            />
            <line x1={x(steady)} x2={x(steady)} y1="4" y2={HEIGHT - 4} className="chart-since" />
          </>
        )}
        <polyline points={days.map(({ distance }, i) => `${x(i)},${y(distance)}`).join(' ')} className="chart-line" />
        {days.map(({ date, distance, within: isWithin }, i) =>
          isWithin ? null : <circle key={date} cx={x(i)} cy={y(distance)} r="2.5" className="chart-dot-out" />,
        )}
      </svg>
      <p className="flex justify-between text-faint">
        <span>{days[0]?.date}</span>
        <span>{dimension}</span>
        <span>{days.at(-1)?.date}</span>
      </p>
    </div>
  )
}
