/** The six forensic artifacts, one line each: what there is, what is not, why, and the setting that would capture it. */
export declare function EvidenceChecklist({
  conversation,
}: {
  readonly conversation: string
}): import('react').JSX.Element
//# sourceMappingURL=EvidenceChecklist.d.ts.map
