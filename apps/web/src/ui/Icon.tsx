/** Strokes of 16 by 16 pixels; the shape says the kind, so that colour never has to. */
const SHAPES = {
  message: 'M2.500 3.500h11v7.500h-6l-3 2.500v-2.500h-2z',
  document: 'M4 2h5.500L12 4.500V14H4z M9.500 2v2.500H12 M6 7.500h4 M6 10h4',
  'model-call': 'M8 2.200 13 5v6l-5 2.800L3 11V5z M8 8l5-3 M8 8v5.800 M8 8 3 5',
  'model-output': 'M3 4h10 M3 7h10 M3 10h6 M11 12.500l1.500-1.500-1.500-1.500',
  tool: 'M9.500 3a3 3 0 0 0 3.800 3.800L7 13l-2.500.500-.500-.500L4.500 10.500z',
  'tool-definition': 'M3 3h10v10H3z M5.500 6 4.500 8l1 2 M10.500 6l1 2-1 2 M8.700 5.500 7.300 10.500',
  memory:
    'M3 4.500C3 3.400 5.200 2.500 8 2.500s5 .900 5 2v7c0 1.100-2.200 2-5 2s-5-.900-5-2z M3 8c0 1.100 2.200 2 5 2s5-.900 5-2',
  agent:
    'M5 6.500h6a1.500 1.500 0 0 1 1.500 1.500v4H3.500V8A1.500 1.500 0 0 1 5 6.500z M8 6.500V3.500 M8 3v.500 M6.200 9.300v.200 M9.800 9.300v.200',
  delegation: 'M2.500 8h9 M8.500 4.500 12 8l-3.500 3.500 M13.500 4v8',
  identity: 'M8 8a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z M3 13.500c.500-2.500 2.500-4 5-4s4.500 1.500 5 4',
  guardrail: 'M8 2.200 13 4v4c0 3-2 5-5 6-3-1-5-3-5-6V4z M5.800 8l1.600 1.600 3-3',
  'api-call': 'M3 6.500a3 3 0 0 1 5.800-1A2.700 2.700 0 1 1 11.500 11H4.500A2.300 2.300 0 0 1 3 6.500z',
  egress: 'M9 3h4v4 M13 3 7.500 8.500 M11.500 9.500V13H3V4.500h3.500',
  process: 'M2.500 3.500h11v9h-11z M5 6.500 7 8l-2 1.500 M8.500 10h3',
  file: 'M3 3.500h4l1.500 2H13v7H3z',
  connection:
    'M4 8a1.500 1.500 0 1 0 0-.010z M12 4a1.500 1.500 0 1 0 0-.010z M12 12a1.500 1.500 0 1 0 0-.010z M5.300 7.300l5.300-2.800 M5.300 8.700l5.300 2.800',
  'kernel-act':
    'M4.500 4.500h7v7h-7z M6 2v2.500 M10 2v2.500 M6 11.500V14 M10 11.500V14 M2 6h2.500 M2 10h2.500 M11.500 6H14 M11.500 10H14',
  step: 'M8 5.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z',
  search: 'M7 2.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9z M10.300 10.300 14 14',
  tail: 'M2 4h12 M2 8h12 M2 12h7 M12 10.500v3 M10.500 12h3',
  integrity: 'M5 7V5a3 3 0 0 1 6 0v2 M3.500 7h9v6.500h-9z M8 9.500v2',
  copy: 'M5.500 5.500h8v8h-8z M10.500 5.500v-3h-8v8h3',
  close: 'M4 4l8 8 M12 4l-8 8',
  trigger: 'M8.500 2 4 9h4l-.500 5L12 7H8z',
  reach: 'M3 8h3 M6 8c2 0 2-4.500 4-4.500h3 M6 8c2 0 2 4.500 4 4.500h3 M6 8h7',
  chevron: 'M6 4l4 4-4 4',
  check: 'M3.500 8.500 6.500 11.500 12.500 4.500',
  grid: 'M2.500 2.500h4.500v4.500h-4.500z M9 2.500h4.500v4.500h-4.500z M2.500 9h4.500v4.500h-4.500z M9 9h4.500v4.500h-4.500z',
  pulse: 'M2 8h3l1.500-4 3 8 1.500-4h3',
  warning: 'M8 2.500 14 13H2z M8 6.500v3 M8 11.200v.300',
  sun: 'M8 5.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z M8 1.500v1.500 M8 13v1.500 M1.500 8H3 M13 8h1.500 M3.400 3.400l1 1 M11.600 11.600l1 1 M12.600 3.400l-1 1 M4.400 11.600l-1 1',
  clock: 'M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11z M8 5v3l2 1.500',
  flag: 'M4 14V2.500h7.500L9.500 5.500l2 3H4',
  previous: 'M11.500 3.500v9L5 8z M4 3.500v9',
  next: 'M4.500 3.500v9L11 8z M12 3.500v9',
  pause: 'M5.500 3.500v9 M10.500 3.500v9',
  play: 'M5 3.500v9l7-4.500z',
} as const

export type IconName = keyof typeof SHAPES

export function Icon({ name, className = '' }: { readonly name: IconName; readonly className?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      className={`size-4 shrink-0 ${className}`}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={SHAPES[name]} />
    </svg>
  )
}

/** The mark: roots that hold. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" className="size-6 shrink-0" aria-hidden="true">
      <rect width="32" height="32" rx="7" className="fill-[#0e4f45]" />
      <g fill="none" stroke="#d9f2e8" strokeWidth="2.4" strokeLinecap="round">
        <path d="M16 5v11M16 16c0 5-7 4-8.500 10M16 16c0 6-2.500 6-3 11M16 16c0 6 2.500 6 3 11M16 16c0 5 7 4 8.500 10M10 10h12" />
      </g>
    </svg>
  )
}
