import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { hasFocus, tabTo } from './steps.ts'

/** Opens and closes what comes up over a page, by keyboard: each gives the focus back to where it was. */
export async function openAndClose(page: Page, origin: string): Promise<void> {
  const window = page.viewportSize()
  // So narrow that not all pages have room in their line.
  await page.setViewportSize({ width: 1024, height: 900 })
  await page.goto(`${origin}/incidents`)
  const copy = page.getByRole('button', { name: 'Copy as' })
  const time = page.getByRole('button', { name: /another instant/ })
  const more = page.getByRole('button', { name: /more pages/i })
  const palette = page.getByRole('dialog', { name: 'Open any id' })
  const over: readonly (readonly [from: Locator, key: string, what: Locator])[] = [
    [more, 'Enter', page.getByRole('navigation', { name: 'Workspace' }).getByRole('link', { name: 'Doctor' })],
    [time, 'Enter', page.getByRole('dialog', { name: 'Go to an instant' })],
    [copy, 'Control+k', palette],
    [copy, '/', palette],
    [copy, '?', page.getByRole('dialog', { name: 'Keyboard' })],
    [copy, 'Enter', page.getByRole('menu', { name: 'Copy as' })],
    [copy, 'c', page.getByRole('menu', { name: 'Copy as' })],
  ]
  for (const [from, key, what] of over) {
    await tabTo(page, from)
    await page.keyboard.press(key)
    await what.waitFor()
    await page.keyboard.press('Escape')
    await what.waitFor({ state: 'detached' })
    await expect.poll(() => hasFocus(from), { timeout: 60_000, message: `after ${key}` }).toBe(true)
  }
  if (window !== null) await page.setViewportSize(window)
}
