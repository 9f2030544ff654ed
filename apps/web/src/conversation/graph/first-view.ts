import { NODE_HEIGHT, NODE_WIDTH, type NodePlace, type Placed } from './layout.ts'

/** Where the drawing is looked at from: its origin in the box, in pixels, and how large it is. */
export type View = { readonly x: number; readonly y: number; readonly zoom: number }
/** The room of the drawing, in pixels. */
export type Box = { readonly width: number; readonly height: number }
type Bounds = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }

/** Of the names of the lanes, which lie over the drawing. */
export const HEADS_PIXELS = 32
/** As far away as one can go: a node is a mark with a colour then, and its name comes with the pointer. */
export const LEAST_ZOOM = 0.15
/** The letters of a node can be read from here on. */
export const READING_ZOOM = 0.55
const MARGIN = 12

/** All of some nodes, as near as they fit; what fits from nowhere is seen from its top left. */
export function viewOfNodes(places: readonly NodePlace[], box: Box): View {
  return fitted(
    {
      left: Math.min(...places.map(({ x }) => x)),
      top: Math.min(...places.map(({ y }) => y)),
      right: Math.max(...places.map(({ x }) => x + NODE_WIDTH)),
      bottom: Math.max(...places.map(({ y }) => y + NODE_HEIGHT)),
    },
    box,
  )
}

/** The whole drawing, its lanes from edge to edge. */
export function viewOfAll({ width, height }: Placed, box: Box): View {
  return fitted({ left: 0, top: 0, right: width, bottom: height }, box)
}

/** Near enough to be read, as wide as fits: from the top, or with one node in the middle of what is seen. */
export function viewToRead(placed: Placed, box: Box, at?: Pick<NodePlace, 'y'>): View {
  const zoom = Math.max(READING_ZOOM, Math.min(1, (box.width - 2 * MARGIN) / placed.width))
  const below = at === undefined ? 0 : (at.y + NODE_HEIGHT) * zoom - box.height / 2
  return {
    x: Math.max(MARGIN, (box.width - placed.width * zoom) / 2),
    y: HEADS_PIXELS + 4 - Math.max(0, below),
    zoom,
  }
}

/** Nodes of which nothing is in sight: beyond an edge, or under the names of the lanes. */
export function countOutside({ positions }: Pick<Placed, 'positions'>, { x, y, zoom }: View, box: Box): number {
  let outside = 0
  for (const place of positions.values()) {
    const left = x + place.x * zoom
    const top = y + place.y * zoom
    const isSeen =
      left < box.width && left + NODE_WIDTH * zoom > 0 && top < box.height && top + NODE_HEIGHT * zoom > HEADS_PIXELS
    if (!isSeen) outside += 1
  }
  return outside
}

function fitted({ left, top, right, bottom }: Bounds, box: Box): View {
  const room = { width: box.width - 2 * MARGIN, height: box.height - HEADS_PIXELS - 2 * MARGIN }
  const zoom = Math.max(LEAST_ZOOM, Math.min(1, room.width / (right - left), room.height / (bottom - top)))
  const spare = (room.width - (right - left) * zoom) / 2
  return { x: MARGIN + Math.max(0, spare) - left * zoom, y: HEADS_PIXELS + MARGIN - top * zoom, zoom }
}
