type UntrustedProps = {
  /** Text that an agent, a document, a tool or a sender wrote. */
  readonly text: string
  /** `line` for labels, `block` for texts with lines of their own and a note of what was found. */
  readonly as?: 'line' | 'block'
  readonly className?: string
}
/**
 * The only way by which captured text reaches the page: text nodes and nothing else. No markup, link, image or preview
 * is made of it; hidden characters are drawn by name, URLs are defanged, base64 is named instead of shown.
 */
export declare function Untrusted({ text, as, className }: UntrustedProps): import('react').JSX.Element
export {}
//# sourceMappingURL=Untrusted.d.ts.map
