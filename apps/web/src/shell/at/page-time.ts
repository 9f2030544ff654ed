/** How far a page follows the instant of the address: by either clock, as it happened alone, in its timeline, or not at all. */
export type PageTime = 'both' | 'happened' | 'timeline' | 'now'

/** Parts of the agent page whose questions take an instant. */
const AGENT_PARTS: ReadonlyMap<string, PageTime> = new Map([
  ['inventory', 'both'],
  ['baseline', 'happened'],
  ['scope', 'happened'],
  ['drift', 'happened'],
])

/** What the page at a path does with `?at=`: where it shows the present all the same, the header says so. */
export function pageTimeOf(pathname: string): PageTime {
  const [, page = '', id = '', part = ''] = pathname.split('/')
  switch (page) {
    case 'conversations':
    case 'hunt':
    case 'source':
      return 'both'
    case 'diagnostic':
      return 'happened'
    case 'incidents':
      return id === '' ? 'now' : 'timeline'
    case 'agents':
      return AGENT_PARTS.get(part) ?? 'now'
    default:
      return 'now'
  }
}

export const PAGE_WORDS: Readonly<Record<PageTime, string>> = {
  both: 'this page shows that instant, by either clock',
  happened: 'this page shows what had happened by then, as claimed; it knows no other clock',
  timeline: 'the timeline of this page ends at that instant, as claimed; all else on it is of the present',
  now: 'this page shows the present, whatever instant is chosen',
}
