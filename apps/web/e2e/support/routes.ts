import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { router } from '../../src/router.tsx'
import { axeClean } from './axe.ts'
import { filled, settled } from './inert-page.ts'

/** Where pictures of the pages are left for whoever wants to look at them; git ignores the folder. */
const SCREENSHOTS = join(import.meta.dirname, '..', 'screenshots')

/** Every route that the router knows, as it matches it: a new page is among them without being named here. */
const ROUTES: readonly string[] = Object.keys(router.routesByPath)

type Sight = {
  /** Part of the picture's name. */
  readonly name: string
  readonly scheme: 'light' | 'dark'
  readonly width: number
  readonly height: number
}

export const DESKTOP = { width: 1440, height: 900 }
export const PHONE = { width: 390, height: 844 }

/**
 * Reads routes one after the other in one tab: each stands within its width, axe finds nothing on it, and a picture of
 * it is kept. Fails with all that was found on all of them, for a fault is seldom on one page alone.
 */
export async function readRoutes(
  page: Page,
  origin: string,
  {
    sight,
    ids,
    routes = ROUTES,
  }: { readonly sight: Sight; readonly ids: Readonly<Record<string, string>>; readonly routes?: readonly string[] },
): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true })
  await page.emulateMedia({ colorScheme: sight.scheme })
  await page.setViewportSize({ width: sight.width, height: sight.height })
  const faults: string[] = []
  for (const route of routes) {
    await page.goto(origin + filled(route, ids, ''))
    await settled(page)
    const where = `${route} (${sight.name})`
    await page.screenshot({ path: join(SCREENSHOTS, `${pictureName(route)}.${sight.name}.png`) })
    const { scrollWidth, title } = await page.evaluate(() => ({
      scrollWidth: Math.max(document.documentElement.scrollWidth, document.body.scrollWidth),
      title: document.title,
    }))
    if (scrollWidth > sight.width) faults.push(`${where}: ${scrollWidth} px wide`)
    if (title.trim() === '') faults.push(`${where}: has no title`)
    await axeClean(page, where).catch((fault: unknown) => faults.push(String(fault)))
  }
  expect(faults).toEqual([])
}

function pictureName(route: string): string {
  return route === '/' ? 'agents' : route.slice(1).replaceAll('/', '-').replaceAll('$', '')
}
