import type { DrawnGraph } from '@holdfast/api'
import type { DrawnEdge } from './Canvas.tsx'
type EdgePanelProps = {
  readonly edge: DrawnEdge
  readonly graph: DrawnGraph
  readonly onClose: () => void
}
/** One join in words: between what, how it is known, and by which values where it rests on content. */
export declare function EdgePanel({ edge, graph, onClose }: EdgePanelProps): import('react').JSX.Element
export {}
//# sourceMappingURL=EdgePanel.d.ts.map
