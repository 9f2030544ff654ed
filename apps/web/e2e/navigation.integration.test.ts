import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeClean } from './support/axe.ts'
import { launchBrowser, noBrowser, signIn } from './support/browser.ts'
import { startWorkspace } from './support/server.ts'

let browser: Browser

beforeAll(async () => {
  if (noBrowser === undefined) browser = await launchBrowser()
})
afterAll(() => browser?.close())

const PAGES = [
  'Agents',
  'Incidents',
  'Hunt',
  'Fleet',
  'Drift',
  'Policies',
  'Diagnostic',
  'Audit',
  'Roster',
  'Live tail',
  'Integrity',
  'Doctor',
]

test.skipIf(noBrowser !== undefined)(
  `every page of the workspace is reached from one line at the top, at each width and in both themes${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`,
  async () => {
    await using workspace = await startWorkspace()
    const { page, context, complaints } = await signIn(browser, { signInUrl: workspace.signInUrl })
    const navigation = page.getByRole('navigation', { name: 'Workspace' })
    await page.getByRole('status').filter({ hasText: 'live' }).waitFor()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const width of [1440, 1280, 1024, 768, 390]) {
        await page.setViewportSize({ width, height: 844 })
        // Whatever room there is is used: nothing is behind a button where all of it fits.
        const more = navigation.getByRole('button', { name: /pages/i })
        await expect.poll(() => more.count(), { message: String(width) }).toBe(width < 1280 ? 1 : 0)
        if (width < 1280) await more.click()
        // What is behind the button stands after what is beside it, so the order never changes.
        await expect
          .poll(() => navigation.getByRole('link').allTextContents(), { message: String(width) })
          .toEqual(PAGES)
        // Of the line itself: what a page below it does is not its doing.
        const inner = await page
          .getByRole('banner')
          .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)
        expect(inner, String(width)).toBe(0)
        const { height = 0 } = (await page.getByRole('banner').boundingBox()) ?? {}
        expect(height, String(width)).toBeLessThan(50)
        await axeClean(page, `navigation at ${width}, ${colorScheme}`)
        await page.keyboard.press('Escape')
      }
    }
    // The narrowest line has room for none of them beside its two menus.
    const pages = navigation.getByRole('button', { name: 'Pages' })
    expect(await pages.evaluate((button) => button === document.activeElement)).toBe(true)
    await pages.click()
    await navigation.getByRole('link', { name: 'Audit' }).click()
    await navigation.getByRole('button', { name: 'Pages, now Audit', expanded: false }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/audit')
    expect(complaints).toEqual([])
    await context.close()
  },
)
