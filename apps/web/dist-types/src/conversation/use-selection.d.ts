import type { ConversationSearch } from '../search-params.ts'
/** What the address says is shown and selected, and the one way to change it. */
export type Selection = {
  readonly conversation: string
  readonly search: ConversationSearch
  /** Id of the selected node of the execution graph. */
  readonly node: string | undefined
  readonly set: (change: Partial<ConversationSearch>) => void
  readonly select: (node: string | undefined) => void
}
export declare function useSelection(): Selection
//# sourceMappingURL=use-selection.d.ts.map
