import type { ContentSlot } from '@holdfast/api'
/** One content of an event: its state and size first, its text on demand and in windows. */
export declare function ContentViewer({
  event,
  slot,
}: {
  readonly event: string
  readonly slot: ContentSlot
}): import('react').JSX.Element
//# sourceMappingURL=ContentViewer.d.ts.map
