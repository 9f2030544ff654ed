import { useReactFlow } from '@xyflow/react'
import { useEffect, useRef, type RefObject } from 'react'
import { type Box, type View, viewOfAll, viewOfNodes, viewToRead } from './first-view.ts'
import type { NodePlace, Placed } from './layout.ts'

type Shown = {
  readonly box: RefObject<HTMLElement | null>
  readonly placed: Placed
  /** Places of the path that is shown; empty where none is, or it is still being read. */
  readonly path: readonly NodePlace[]
  readonly place: NodePlace | undefined
  /** What the path is of; empty where none was asked for. */
  readonly asked: string
}

/**
 * Keeps the drawing in the view that it opened with until its reader moves: parts of the page that come late take of its room.
 * A path that is asked for later is brought into view as a whole, once.
 */
export function useFirstView({ box, placed, path, place, asked }: Shown): { readonly onMoved: () => void } {
  const flow = useReactFlow()
  const hasMoved = useRef(false)
  const latest = useRef<Parameters<typeof firstView>>(undefined)
  useEffect(() => {
    latest.current = [placed, box.current, { path, selected: place }]
  })
  const hasPath = path.length > 0
  useEffect(() => {
    if (!hasPath || latest.current === undefined) return
    hasMoved.current = false
    void flow.setViewport(firstView(...latest.current))
  }, [hasPath, asked, flow])
  useEffect(() => {
    if (box.current === null) return undefined
    const observer = new ResizeObserver(() => {
      if (!hasMoved.current && latest.current !== undefined) void flow.setViewport(firstView(...latest.current))
    })
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [box, flow])
  return {
    onMoved: () => {
      hasMoved.current = true
    },
  }
}

/** At the path that is shown, or what is selected; else the whole of it, from as far away as that takes. */
export function firstView(
  placed: Placed,
  element: HTMLElement | null,
  at: { readonly path: readonly NodePlace[]; readonly selected: NodePlace | undefined },
): View {
  const box = boxOf(element, placed)
  if (at.path.length > 0) return viewOfNodes(at.path, box)
  return at.selected === undefined ? viewOfAll(placed, box) : viewToRead(placed, box, at.selected)
}

function boxOf(element: HTMLElement | null, placed: Placed): Box {
  return { width: element?.clientWidth ?? placed.width, height: element?.clientHeight ?? placed.height }
}
