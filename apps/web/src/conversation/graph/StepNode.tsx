import { Handle, Position, type Node, type NodeProps } from '@xyflow/react'
import { inertLine } from '../../text/inert.ts'
import { Untrusted } from '../../text/Untrusted.tsx'
import { formatCount } from '../../ui/format.ts'
import { Icon } from '../../ui/Icon.tsx'
import { KIND_WORDS } from '../node-words.ts'
import type { StepData } from './Canvas.tsx'

/** One node of the drawing: kind, label, count, and what is wrong with it. */
export function StepNode({ data: { node, isSelected, isDim } }: NodeProps<Node<StepData>>) {
  const isMissing = node.contents.includes('not-captured') || node.contents.includes('suppressed')
  return (
    <div
      className={`step lane-${node.lane} ${isSelected ? 'step-selected' : ''} ${isDim ? 'step-dim' : ''} ${isMissing ? 'hatched' : ''} ${
        node.status === 'error' ? 'step-error' : ''
      } ${node.unjoined === true ? 'step-unjoined' : ''}`}
      title={`${KIND_WORDS[node.kind]} ${inertLine(node.label)}${isMissing ? ': content was not captured' : node.unjoined === true ? ': joined to no prompt' : ''}`}
    >
      {/* The library draws no edge to a node without these; where an edge really ends is JoinEdge's to say. */}
      <Handle type="target" position={Position.Top} isConnectable={false} className="invisible" />
      <Handle type="source" position={Position.Bottom} isConnectable={false} className="invisible" />
      <Icon name={node.kind} className="lane-text mt-0.5" />
      <span className="flex min-w-0 flex-1 flex-col leading-4">
        <span className="flex gap-1.5 text-xs text-faint">
          {KIND_WORDS[node.kind]}
          {node.trigger === true && <strong className="text-info">trigger</strong>}
          {node.status === 'error' && <strong className="text-bad">error</strong>}
        </span>
        <Untrusted text={node.label} className="truncate font-medium" />
      </span>
      {node.count > 1 && <span className="badge tabular self-center">×{formatCount(node.count)}</span>}
    </div>
  )
}
