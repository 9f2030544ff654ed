/** One entry of the log: its leaf and its inclusion proof. Its bytes are copied, not shown: pages show what they mean. */
export declare function EntryPanel({
  index,
  size,
}: {
  readonly index: number
  readonly size: number
}): import('react').JSX.Element
//# sourceMappingURL=EntryPanel.d.ts.map
