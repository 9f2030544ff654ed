/** How much of the line of pages is shown: so many of them as links, with or without their icons. */
export type Room = { readonly pages: number; readonly hasIcons: boolean }

type Measured = {
  /** Of the line. All widths are in pixels of CSS. */
  readonly width: number
  /** Of each page's link with its icon, in order. */
  readonly entries: readonly number[]
  /** What a link is narrower by without its icon. */
  readonly icon: number
}

const GAP = 4
/** Of the button that holds the rest: it may show the longest name of a page, and its arrow beside the icon. */
const ARROW = 22

/** Names come before icons: no page goes behind the button for a picture beside another's name. */
export function roomFor({ width, entries, icon }: Measured): Room {
  const bare = entries.map((entry) => entry - icon)
  if (lengthOf(entries) <= width) return { pages: entries.length, hasIcons: true }
  if (lengthOf(bare) <= width) return { pages: bare.length, hasIcons: false }
  const button = Math.max(0, ...entries) + ARROW + GAP
  const kept = bare.findLastIndex((_, index) => lengthOf(bare.slice(0, index + 1)) + button <= width) + 1
  return { pages: kept, hasIcons: kept > 0 && lengthOf(entries.slice(0, kept)) + button <= width }
}

function lengthOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + GAP * Math.max(0, widths.length - 1)
}
