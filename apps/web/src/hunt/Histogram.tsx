import type { HuntHistogramWire } from '@holdfast/api'
import { formatRfc3339, parseRfc3339, parseUnixNano, type UnixNano } from '@holdfast/model'
import { useState, type PointerEvent } from 'react'
import { formatUtc } from '../time/time.ts'
import { Time } from '../time/Time.tsx'
import { formatCount, plural } from '../ui/format.ts'

const HEIGHT = 48

type HistogramProps = {
  readonly histogram: HuntHistogramWire
  /** Narrows the window: RFC 3339. */
  readonly onNarrow: (from: string, to: string) => void
}

/** When it was. A click on a bar, or a drag over several, narrows the window to them; the table below says the same. */
export function Histogram({ histogram, onNarrow }: HistogramProps) {
  const { from, to, bars, untimed } = histogram
  const [drag, setDrag] = useState<{ readonly start: number; readonly end: number } | undefined>()
  const most = Math.max(1, ...bars)
  const bounds = barBounds(histogram)
  const barAt = (event: PointerEvent<SVGSVGElement>): number => {
    const box = event.currentTarget.getBoundingClientRect()
    return Math.max(0, Math.min(bars.length - 1, Math.floor(((event.clientX - box.left) / box.width) * bars.length)))
  }
  const narrow = (first: number, last: number): void => {
    const [low, high] = [bounds[Math.min(first, last)], bounds[Math.max(first, last) + 1]]
    if (low !== undefined && high !== undefined) onNarrow(low, high)
  }
  return (
    <figure className="border-b border-line px-4 pt-2 pb-1">
      <svg
        viewBox={`0 0 ${bars.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-14 w-full cursor-crosshair touch-none"
        role="img"
        aria-label={`Events over time, at most ${formatCount(most)} in one part; the table below has the numbers`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          setDrag({ start: barAt(event), end: barAt(event) })
        }}
        onPointerMove={(event) => {
          const { buttons } = event
          if (drag !== undefined && buttons === 1) setDrag({ ...drag, end: barAt(event) })
        }}
        onPointerUp={() => {
          if (drag !== undefined) narrow(drag.start, drag.end)
          setDrag(undefined)
        }}
        onPointerCancel={() => setDrag(undefined)}
      >
        <line x1={0} x2={bars.length} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className="chart-axis" strokeWidth={1} />
        {bars.map((count, i) => {
          const height = count === 0 ? 0 : Math.max(2, (count / most) * (HEIGHT - 2))
          const isDragged =
            drag !== undefined && i >= Math.min(drag.start, drag.end) && i <= Math.max(drag.start, drag.end)
          return (
            <g key={i}>
              <rect x={i} y={0} width={1} height={HEIGHT} className={isDragged ? 'chart-band' : 'fill-transparent'}>
                <title>{`${plural(count, 'event')} from ${utcOf(bounds[i])}`}</title>
              </rect>
              <rect
                x={i + 0.1}
                y={HEIGHT - height}
                width={0.8}
                height={height}
                className="chart-dot pointer-events-none"
              />
            </g>
          )
        })}
      </svg>
      <figcaption className="flex flex-wrap justify-between gap-x-2 text-xs text-faint">
        <Time at={from} />
        {untimed > 0 && <span>{plural(untimed, 'event')} without a time of their own</span>}
        <Time at={to} />
      </figcaption>
      <details className="text-xs">
        <summary className="cursor-pointer text-faint">As a table</summary>
        <ul className="max-h-48 overflow-auto py-1">
          {bars.map((count, i) =>
            count === 0 ? null : (
              <li key={i} className="flex items-baseline gap-4">
                <button type="button" className="link tabular" onClick={() => narrow(i, i)}>
                  {utcOf(bounds[i])}
                </button>
                <span className="tabular">{formatCount(count)}</span>
              </li>
            ),
          )}
        </ul>
      </details>
    </figure>
  )
}

/** Where bars begin and the last ends, RFC 3339. */
function barBounds({ from, to, bars }: HuntHistogramWire): readonly string[] {
  const [low, high] = [parseRfc3339(from) ?? 0n, parseRfc3339(to) ?? 0n]
  return Array.from({ length: bars.length + 1 }, (_, i) => {
    const at = low + ((high - low) * BigInt(i)) / BigInt(bars.length)
    return formatRfc3339(parseUnixNano(at) ?? (0n as UnixNano)) // 0 is a time
  })
}

function utcOf(rfc3339: string | undefined): string {
  return formatUtc(parseRfc3339(rfc3339 ?? '') ?? 0n)
}
