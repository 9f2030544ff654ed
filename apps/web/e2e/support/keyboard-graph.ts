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

/** Joins of a graph that the tab key stands on, by their names, each with whether its middle has come into sight. */
export async function joinsByTab(page: Page): Promise<ReadonlyMap<string, boolean>> {
  const seen = new Map<string, boolean>()
  const joins = page.locator('.react-flow__edge')
  await joins.first().focus()
  for (let press = await joins.count(); press > 0; press -= 1) {
    const stop = page.locator('.react-flow__edge:focus')
    const name = (await stop.getAttribute('aria-label')) ?? ''
    const path = await stop.locator('path').first().elementHandle()
    const isSeen = await page
      .waitForFunction(isMiddleInSight, path, { timeout: 2_000 })
      .then(() => true)
      .catch(() => false)
    seen.set(name, isSeen)
    await page.keyboard.press('Tab')
  }
  return seen
}

function isMiddleInSight(path: SVGElement | HTMLElement | null): boolean {
  const canvas = path?.closest('.react-flow')?.getBoundingClientRect()
  const matrix = path instanceof SVGPathElement ? path.getScreenCTM() : null
  if (!(path instanceof SVGPathElement) || canvas === undefined || matrix === null) return false
  const { x, y } = path.getPointAtLength(path.getTotalLength() / 2).matrixTransform(matrix)
  return x >= canvas.left && x <= canvas.right && y >= canvas.top && y <= canvas.bottom
}
