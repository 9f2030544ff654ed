import type { Selection } from './use-selection.ts'
type NodePaneProps = {
  readonly conversation: string
  readonly node: string
  readonly selection: Selection
}
/** The selected step: its events with their sources, both clocks, where the log holds them, and their contents on demand. */
export declare function NodePane({ conversation, node, selection }: NodePaneProps): import('react').JSX.Element
export {}
//# sourceMappingURL=NodePane.d.ts.map
