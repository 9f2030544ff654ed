import { BaseEdge, type Edge, type EdgeProps } from '@xyflow/react'
import { joinPath } from './join-path.ts'
import type { NodePlace } from './layout.ts'

export type JoinData = { readonly from: NodePlace | undefined; readonly to: NodePlace | undefined }

/** A join between two steps: from the side that faces the other. */
export function JoinEdge({ data, label, markerEnd, id }: EdgeProps<Edge<JoinData>>) {
  if (data?.from === undefined || data.to === undefined) return null
  const [path, labelX, labelY] = joinPath(data.from, data.to)
  return (
    <BaseEdge
      id={id}
      path={path}
      interactionWidth={14}
      labelX={labelX}
      labelY={labelY}
      {...(label === undefined ? {} : { label })}
      {...(markerEnd === undefined ? {} : { markerEnd })}
    />
  )
}
