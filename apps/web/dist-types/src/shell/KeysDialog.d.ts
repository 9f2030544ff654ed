/** The keyboard table, as it is bound. */
export declare function KeysDialog({ onClose }: { readonly onClose: () => void }): import('react').JSX.Element
//# sourceMappingURL=KeysDialog.d.ts.map
