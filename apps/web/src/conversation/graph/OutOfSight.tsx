import { useReactFlow, useStore, useViewport } from '@xyflow/react'
import { formatCount, plural } from '../../ui/format.ts'
import { countOutside, READING_ZOOM, type View, viewOfAll, viewToRead } from './first-view.ts'
import type { Placed } from './layout.ts'

type OutOfSightProps = { readonly placed: Placed; readonly onMoved: () => void }

/** How many nodes are outside of what is seen, with the way to them all; from far away also the way to where one can read. */
export function OutOfSight({ placed, onMoved }: OutOfSightProps) {
  const flow = useReactFlow()
  const view = useViewport()
  const width = useStore((state) => state.width)
  const height = useStore((state) => state.height)
  if (width === 0 || height === 0) return null
  const box = { width, height }
  const outside = countOutside(placed, view, box)
  const isFar = view.zoom < READING_ZOOM
  if (outside === 0 && !isFar) return null
  const whole = viewOfAll(placed, box)
  const go = (to: View): void => {
    onMoved()
    void flow.setViewport(to)
  }
  const isWhole = countOutside(placed, whole, box) >= outside
  return (
    <p className="absolute right-2 bottom-2 z-10 flex flex-wrap items-center justify-end gap-x-3 rounded-md border border-line bg-surface/95 px-2 py-1 text-xs text-soft">
      <span className="tabular">
        {outside === 0
          ? `all ${plural(placed.positions.size, 'node')} in view`
          : `${plural(outside, 'node')} of ${formatCount(placed.positions.size)} outside of the view`}
      </span>
      {!isWhole && (
        <button type="button" className="link" onClick={() => go(whole)}>
          show all that fits
        </button>
      )}
      {isFar && (
        <button type="button" className="link" onClick={() => go(viewToRead(placed, box))}>
          read from the top
        </button>
      )}
    </p>
  )
}
