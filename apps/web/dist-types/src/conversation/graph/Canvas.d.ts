import type { DrawnGraph } from '@holdfast/api'
import '@xyflow/react/dist/base.css'
import type { Selection } from '../use-selection.ts'
import { type Placed } from './layout.ts'
export type DrawnNode = DrawnGraph['nodes'][number]
export type DrawnEdge = DrawnGraph['edges'][number]
export type StepData = {
  readonly node: DrawnNode
  readonly isSelected: boolean
  readonly isDim: boolean
}
type CanvasProps = {
  readonly graph: DrawnGraph
  readonly placed: Placed
  readonly selection: Selection
  /** Nodes of the path or reach that is shown; the rest is dimmed. */
  readonly marked: ReadonlySet<string> | undefined
}
/** The drawing. Nodes are DOM elements: reached by Tab, named for a screen reader, selected with Enter. */
export declare function Canvas(props: CanvasProps): import('react').JSX.Element
export {}
//# sourceMappingURL=Canvas.d.ts.map
