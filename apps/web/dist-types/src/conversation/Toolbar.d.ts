import type { Conversation } from '@holdfast/api'
import type { Selection } from './use-selection.ts'
type ToolbarProps = {
  readonly conversation: Conversation
  readonly selection: Selection
}
/** How the execution is shown: as what, folded or not, without which kinds; and finding in it. */
export declare function Toolbar({ selection }: ToolbarProps): import('react').JSX.Element
export {}
//# sourceMappingURL=Toolbar.d.ts.map
