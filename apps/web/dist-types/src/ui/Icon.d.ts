/** Strokes of 16 by 16 pixels; the shape says the kind, so that colour never has to. */
declare const SHAPES: {
  readonly message: 'M2.500 3.500h11v7.500h-6l-3 2.500v-2.500h-2z'
  readonly document: 'M4 2h5.500L12 4.500V14H4z M9.500 2v2.500H12 M6 7.500h4 M6 10h4'
  readonly 'model-call': 'M8 2.200 13 5v6l-5 2.800L3 11V5z M8 8l5-3 M8 8v5.800 M8 8 3 5'
  readonly 'model-output': 'M3 4h10 M3 7h10 M3 10h6 M11 12.500l1.500-1.500-1.500-1.500'
  readonly tool: 'M9.500 3a3 3 0 0 0 3.800 3.800L7 13l-2.500.500-.500-.500L4.500 10.500z'
  readonly 'tool-definition': 'M3 3h10v10H3z M5.500 6 4.500 8l1 2 M10.500 6l1 2-1 2 M8.700 5.500 7.300 10.500'
  readonly memory: 'M3 4.500C3 3.400 5.200 2.500 8 2.500s5 .900 5 2v7c0 1.100-2.200 2-5 2s-5-.900-5-2z M3 8c0 1.100 2.200 2 5 2s5-.900 5-2'
  readonly agent: 'M5 6.500h6a1.500 1.500 0 0 1 1.500 1.500v4H3.500V8A1.500 1.500 0 0 1 5 6.500z M8 6.500V3.500 M8 3v.500 M6.200 9.300v.200 M9.800 9.300v.200'
  readonly delegation: 'M2.500 8h9 M8.500 4.500 12 8l-3.500 3.500 M13.500 4v8'
  readonly identity: 'M8 8a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z M3 13.500c.500-2.500 2.500-4 5-4s4.500 1.500 5 4'
  readonly guardrail: 'M8 2.200 13 4v4c0 3-2 5-5 6-3-1-5-3-5-6V4z M5.800 8l1.600 1.600 3-3'
  readonly egress: 'M9 3h4v4 M13 3 7.500 8.500 M11.500 9.500V13H3V4.500h3.500'
  readonly step: 'M8 5.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z'
  readonly search: 'M7 2.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9z M10.300 10.300 14 14'
  readonly tail: 'M2 4h12 M2 8h12 M2 12h7 M12 10.500v3 M10.500 12h3'
  readonly integrity: 'M5 7V5a3 3 0 0 1 6 0v2 M3.500 7h9v6.500h-9z M8 9.500v2'
  readonly copy: 'M5.500 5.500h8v8h-8z M10.500 5.500v-3h-8v8h3'
  readonly close: 'M4 4l8 8 M12 4l-8 8'
  readonly trigger: 'M8.500 2 4 9h4l-.500 5L12 7H8z'
  readonly reach: 'M3 8h3 M6 8c2 0 2-4.500 4-4.500h3 M6 8c2 0 2 4.500 4 4.500h3 M6 8h7'
  readonly chevron: 'M6 4l4 4-4 4'
  readonly check: 'M3.500 8.500 6.500 11.500 12.500 4.500'
  readonly warning: 'M8 2.500 14 13H2z M8 6.500v3 M8 11.200v.300'
  readonly sun: 'M8 5.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z M8 1.500v1.500 M8 13v1.500 M1.500 8H3 M13 8h1.500 M3.400 3.400l1 1 M11.600 11.600l1 1 M12.600 3.400l-1 1 M4.400 11.600l-1 1'
  readonly pause: 'M5.500 3.500v9 M10.500 3.500v9'
  readonly play: 'M5 3.500v9l7-4.500z'
}
export type IconName = keyof typeof SHAPES
export declare function Icon({
  name,
  className,
}: {
  readonly name: IconName
  readonly className?: string
}): import('react').JSX.Element
/** The mark: roots that hold. */
export declare function Mark(): import('react').JSX.Element
export {}
//# sourceMappingURL=Icon.d.ts.map
