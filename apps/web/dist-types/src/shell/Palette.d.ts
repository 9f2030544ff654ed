/** One box that opens any id, and any page by name. */
export declare function Palette({ onClose }: { readonly onClose: () => void }): import('react').JSX.Element
//# sourceMappingURL=Palette.d.ts.map
