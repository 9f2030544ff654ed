/** How far a page follows the instant of the address: by either clock, as it happened alone, or not at all. */
export type PageTime = 'both' | 'happened' | 'now'

/** Parts of the agent page whose questions take an instant. */
const AGENT_PARTS: ReadonlyMap<string, PageTime> = new Map([
  ['inventory', 'both'],
  ['baseline', 'happened'],
  ['scope', 'happened'],
  ['drift', 'happened'],
])

/** What the page at a path does with `?at=`: where it shows the present all the same, the header says so. */
export function pageTimeOf(pathname: string): PageTime {
  const [, page = '', , part = ''] = pathname.split('/')
  switch (page) {
    case 'conversations':
    case 'hunt':
      return 'both'
    case 'diagnostic':
      return 'happened'
    case 'agents':
      return AGENT_PARTS.get(part) ?? 'now'
    default:
      return 'now'
  }
}

export const PAGE_WORDS: Readonly<Record<PageTime, string>> = {
  both: 'this page shows that instant, by either clock',
  happened: 'this page shows what had happened by then, as claimed; it knows no other clock',
  now: 'this page shows the present, whatever instant is chosen',
}
