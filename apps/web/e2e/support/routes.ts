import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { router } from '../../src/router.tsx'
import { axeFaults, type Judged } from './axe.ts'
import { misfits } from './fit.ts'
import { filled, settled } from './inert-page.ts'
import { timesWithoutZone } from './zones.ts'

/** Where pictures of the pages are left for whoever wants to look at them; git ignores the folder. */
const SCREENSHOTS = join(import.meta.dirname, '..', 'screenshots')

/** Every route that the router knows, as it matches it: a new page is among them without being named here. */
const ROUTES: readonly string[] = Object.keys(router.routesByPath)

/** How somebody looks at a page. */
export type Sight = {
  readonly name: string
  readonly scheme: 'light' | 'dark'
  /** In pixels of CSS. */
  readonly width: number
  readonly height: number
  /** What axe judges of it; nothing where only room is scarce. */
  readonly judged?: Judged
}

const DESKTOP = { width: 1440, height: 900 }
const PHONE = { width: 390, height: 844 }

export const DESK_LIGHT: Sight = { name: 'desk-light', scheme: 'light', ...DESKTOP, judged: 'all' }

/** What a phone has room for, where nothing else of it is judged. */
export const PHONE_ROOM: Sight = { name: 'phone', scheme: 'light', ...PHONE }

/** Each scheme at each width. What a scheme changes is colours alone, so that each width is judged whole once. */
export const FORMS: readonly Sight[] = [
  DESK_LIGHT,
  { name: 'desk-dark', scheme: 'dark', ...DESKTOP, judged: 'colours' },
  { name: 'phone-light', scheme: 'light', ...PHONE, judged: 'colours' },
  { name: 'phone-dark', scheme: 'dark', ...PHONE, judged: 'all' },
]

/** Where only room is scarce (WCAG 1.4.10 and 1.4.4): to a page, 200 % zoom is half of a desk's window. */
export const NARROW: readonly Sight[] = [
  { name: 'narrow', scheme: 'light', width: 320, height: 640 },
  { name: 'zoomed', scheme: 'light', width: DESKTOP.width / 2, height: DESKTOP.height / 2 },
]

type Reading = {
  readonly sight: Sight
  /** What stands for each parameter of a route. */
  readonly ids: Readonly<Record<string, string>>
  /** Keeps a picture of each page. */
  readonly isPictured: boolean
}

/**
 * Reads every route, one after the other in one tab: each answers, has one heading and a title, and stands in its window.
 * Fails with all that was found on all of them, for a fault is seldom on one page alone.
 */
export async function readRoutes(page: Page, origin: string, reading: Reading): Promise<void> {
  const { sight, ids, isPictured } = reading
  await mkdir(SCREENSHOTS, { recursive: true })
  await page.emulateMedia({ colorScheme: sight.scheme })
  await page.setViewportSize({ width: sight.width, height: sight.height })
  const faults: string[] = []
  for (const route of ROUTES) {
    await page.goto(origin + filled(route, ids, ''))
    await settled(page)
    const where = `${route} (${sight.name})`
    if (isPictured) await page.screenshot({ path: join(SCREENSHOTS, `${pictureName(route)}.${sight.name}.png`) })
    const found = [...(await headFaults(page)), ...(await zoneFaults(page)), ...(await misfits(page))]
    faults.push(...found.map((fault) => `${where}: ${fault}`))
    if (sight.judged !== undefined) faults.push(...(await axeFaults(page, where, sight.judged)))
  }
  expect(faults).toEqual([])
}

async function headFaults(page: Page): Promise<readonly string[]> {
  const [headings, refusals, title] = await Promise.all([
    page.locator('h1').count(),
    page.getByRole('alert').allInnerTexts(),
    page.title(),
  ])
  return [
    ...(headings === 1 ? [] : [`has ${headings} first headings`]),
    ...(title.trim() === '' ? ['has no title'] : []),
    ...refusals.filter((text) => text.trim() !== '').map((text) => `says ${text}`),
  ]
}

async function zoneFaults(page: Page): Promise<readonly string[]> {
  const times = await timesWithoutZone(page)
  return times.map((time) => `has a time without its zone: ${time}`)
}

function pictureName(route: string): string {
  return route === '/' ? 'agents' : route.slice(1).replaceAll('/', '-').replaceAll('$', '')
}
