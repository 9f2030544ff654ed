import type { Page } from 'playwright-core'

/** What the tab key stands on, one press after the other, until it has been round: nodes of a graph by id, with their names. */
export async function nodesByTab(page: Page): Promise<ReadonlyMap<string, string>> {
  const reached = new Map<string, string>()
  await page.locator('body').click({ position: { x: 1, y: 1 } })
  // Twice round the page at most: a node that is not reached by then is not reached.
  const stops = 2 * (await page.locator('a, button, input, select, textarea, [tabindex="0"]').count())
  for (let press = 0; press < stops; press += 1) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(() => {
      const node = document.activeElement?.closest('.react-flow__node')
      return node === document.activeElement && node instanceof HTMLElement
        ? { id: node.dataset['id'] ?? '', name: node.getAttribute('aria-label') ?? '' }
        : undefined
    })
    if (stop !== undefined) reached.set(stop.id, stop.name)
  }
  return reached
}
