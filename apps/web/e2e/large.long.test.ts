import type { Browser, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { launchBrowser, noBrowser, signIn } from './support/browser.ts'
import { LARGE, scrollToLastRow, sendLarge } from './support/large.ts'
import { startWorkspace } from './support/server.ts'

const RECORDS = 50_000
/** As many nodes as are drawn for a reader (limits of the graph), whatever there is. */
const NODES = 300
/** What a page may be made of: of each view only what is in sight is there. */
const ELEMENTS = 12_000

if (noBrowser !== undefined && process.env['CI'] !== undefined) throw new Error(noBrowser)

test.skipIf(noBrowser !== undefined)(
  `a conversation of ${RECORDS.toLocaleString('en-US')} records opens in each view with what is in sight, and its last row is reached${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`,
  { timeout: 1_800_000 },
  async () => {
    await using workspace = await startWorkspace()
    await sendLarge(workspace, RECORDS)
    const browser: Browser = await launchBrowser()
    try {
      const { page, context, complaints } = await signIn(browser, workspace)
      context.setDefaultTimeout(300_000)
      const address = `${workspace.http}/conversations/${LARGE}`
      const views = [
        ['', '.react-flow__node'],
        ['?mode=as-run', '.react-flow__node'],
        ['?view=tree', '[role=row][aria-level]'],
        ['?view=table', '[role=gridcell] time'],
      ] as const
      for (const [query, shown] of views) {
        const began = performance.now()
        await page.goto(address + query)
        await page.locator(shown).first().waitFor()
        const seconds = (performance.now() - began) / 1_000
        process.stdout.write(`${query === '' ? 'graph' : query}: ${seconds.toFixed(1)} s (budget: 1.5 s)\n`)
        const { nodes, elements } = await sizeOf(page)
        expect([query, nodes <= NODES, elements <= ELEMENTS]).toEqual([query, true, true])
      }
      await scrollToLastRow(page)
      expect((await sizeOf(page)).elements).toBeLessThanOrEqual(ELEMENTS)
      expect(complaints).toEqual([])
    } finally {
      await browser.close()
    }
  },
)

function sizeOf(page: Page): Promise<{ readonly nodes: number; readonly elements: number }> {
  return page.evaluate(() => ({
    nodes: document.querySelectorAll('.react-flow__node').length,
    elements: document.querySelectorAll('*').length,
  }))
}
