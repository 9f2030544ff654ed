import { getBezierPath, Position } from '@xyflow/react'
import { INDENT, NODE_HEIGHT, NODE_WIDTH, type NodePlace } from './layout.ts'

type Point = Pick<NodePlace, 'x' | 'y'>

/** The line of a join and where its label stands; the page and a picture of it draw the same. */
export function joinPath(from: NodePlace, to: NodePlace): readonly [path: string, labelX: number, labelY: number] {
  const isBranch = from.lane === to.lane && to.x > from.x && to.y > from.y
  if (!isBranch) {
    const [path, labelX, labelY] = getBezierPath({ ...endsOf(from, to), curvature: 0.35 })
    return [path, labelX, labelY]
  }
  // As in a tree of files: down beside the children, then to each.
  const [x, y] = [from.x + INDENT / 2, to.y + NODE_HEIGHT / 2]
  return [`M ${x} ${from.y + NODE_HEIGHT} V ${y - 6} Q ${x} ${y} ${x + 6} ${y} H ${to.x}`, x, y - NODE_HEIGHT / 2]
}

/** Within a lane downwards; between lanes sideways, through the gutter; back up around the right. */
function endsOf(from: Point, to: Point) {
  if (to.x > from.x) return { ...end('source', from, Position.Right), ...end('target', to, Position.Left) }
  if (to.x < from.x) return { ...end('source', from, Position.Left), ...end('target', to, Position.Right) }
  if (to.y > from.y) return { ...end('source', from, Position.Bottom), ...end('target', to, Position.Top) }
  return { ...end('source', from, Position.Right), ...end('target', to, Position.Right) }
}

function end<R extends 'source' | 'target'>(role: R, at: Point, side: Position) {
  const x = at.x + (side === Position.Left ? 0 : side === Position.Right ? NODE_WIDTH : NODE_WIDTH / 2)
  const y = at.y + (side === Position.Top ? 0 : side === Position.Bottom ? NODE_HEIGHT : NODE_HEIGHT / 2)
  // The names are those of `role`, which the compiler cannot follow through a computed key.
  return { [`${role}X`]: x, [`${role}Y`]: y, [`${role}Position`]: side } as Record<`${R}X` | `${R}Y`, number> &
    Record<`${R}Position`, Position>
}
