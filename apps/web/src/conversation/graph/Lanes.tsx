import { useViewport, ViewportPortal } from '@xyflow/react'
import { formatCount } from '../../ui/format.ts'
import type { Placed } from './layout.ts'

/** The ground of each lane; one that holds nothing is hatched. */
export function LaneBands({ placed }: { readonly placed: Placed }) {
  return (
    <ViewportPortal>
      {placed.lanes.map(({ lane, x, width, count }) => (
        <div
          key={lane}
          className={`lane-band lane-${lane} ${count === 0 ? 'hatched' : ''}`}
          style={{ left: x, width, height: placed.height + 400, top: -200 }}
        />
      ))}
    </ViewportPortal>
  )
}

/** A lane that is narrower on screen, in pixels, has no room for more than its name. */
const WITH_COUNT = 96

/** Names of the lanes; they stay at the top while the drawing moves under them. */
export function LaneHeads({ placed }: { readonly placed: Placed }) {
  const { x: left, zoom } = useViewport()
  return (
    <div className="pointer-events-none absolute inset-x-0 top-0 h-7 overflow-hidden border-b border-line bg-surface/95">
      {placed.lanes.map(({ lane, name, x, width, count }) => (
        <span
          key={lane}
          className={`lane-${lane} absolute top-0 flex h-7 items-center gap-1.5 overflow-hidden border-l-2 border-(--lane) px-2 text-xs`}
          style={{ left: left + x * zoom, width: width * zoom }}
          title={count === 0 ? `${name}: nothing was recorded in this lane` : undefined}
        >
          <strong className="lane-text truncate">{name}</strong>
          {width * zoom > WITH_COUNT && <span className="text-faint">{count === 0 ? '' : formatCount(count)}</span>}
        </span>
      ))}
    </div>
  )
}
