type PathStripProps = {
  readonly conversation: string
  readonly node: string
  readonly path: 'trigger' | 'reach'
  readonly onSelect: (node: string) => void
}
/** What set the selected step off, in causal order, or what it reached; each join says how it is known. */
export declare function PathStrip({ conversation, node, path, onSelect }: PathStripProps): import('react').JSX.Element
export {}
//# sourceMappingURL=PathStrip.d.ts.map
