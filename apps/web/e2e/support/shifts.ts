import type { Page } from 'playwright-core'

/** What of a page was moved while it was opened, and no key or pointer asked for it. */
export type Shift = {
  /** The tag, and what it says. */
  readonly what: string
  /** Pixels of CSS by which it went down. */
  readonly by: number
}

/** Notes from now on, on every page that the tab opens, what moves. */
export async function noteShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shifts: { what: string; by: number }[] = []
    Object.assign(window, { __shifts: shifts })
    new PerformanceObserver((list) => {
      // The lists of types that come with TypeScript do not have these entries yet.
      const entries = list.getEntries() as unknown as readonly {
        readonly hadRecentInput: boolean
        readonly sources: readonly {
          readonly node: Node | null
          readonly previousRect: DOMRectReadOnly
          readonly currentRect: DOMRectReadOnly
        }[]
      }[]
      for (const { hadRecentInput, sources } of entries) {
        if (hadRecentInput) continue
        for (const { node, previousRect, currentRect } of sources) {
          // What came, or went, was not moved.
          if (previousRect.height === 0 || currentRect.height === 0) continue
          const what = `${node?.nodeName ?? ''} ${(node?.textContent ?? '').slice(0, 40)}`
          shifts.push({ what, by: Math.round(currentRect.y - previousRect.y) })
        }
      }
    }).observe({ type: 'layout-shift', buffered: true })
  })
}

/** What moved since the page was opened. */
export function shiftsOf(page: Page): Promise<readonly Shift[]> {
  return page.evaluate(() => (window as unknown as { readonly __shifts: readonly Shift[] }).__shifts)
}
