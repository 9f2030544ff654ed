import { chat, spanIdOf, toolCall, traceRequest } from '@holdfast/testkit'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { axeClean } from './support/axe.ts'
import { launchBrowser, noBrowser, signIn, type SignedIn } from './support/browser.ts'
import { send, startWorkspace, type Workspace } from './support/server.ts'
import { timesWithoutZone } from './support/zones.ts'

const MAIN = 'night-shift'
const OTHER = 'day-shift'
/** More than one node can join and still be followed by eye. */
const TOOLS = 14

if (noBrowser !== undefined && process.env['CI'] !== undefined) throw new Error(noBrowser)

describe.skipIf(noBrowser !== undefined)(
  `going back in time${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`,
  () => {
    let workspace: Workspace
    let browser: Browser
    let signedIn: SignedIn

    beforeAll(async () => {
      ;[workspace, browser] = await Promise.all([startWorkspace(), launchBrowser()])
      await sendShifts(workspace)
      signedIn = await signIn(browser, { signInUrl: workspace.signInUrl })
      await signedIn.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    }, 120_000)
    afterAll(async () => {
      await browser?.close()
      await workspace?.[Symbol.asyncDispose]()
    })

    // In order: each goes on where the one before left the page.
    test('a conversation is gone through step by step, and the address says which instant is shown', async () => {
      const { page } = signedIn
      await page.goto(`${workspace.http}/conversations/${MAIN}`)
      await stepsBackAndForth(page)
    })

    test('the layout runs beside the page', () => {
      expect(signedIn.page.workers().map((worker) => new URL(worker.url()).origin)).toEqual([workspace.http])
    })

    test('an instant is read in any form, echoed, and kept from page to page until it is cleared', async () => {
      await keepsTheInstant(signedIn.page)
    })

    test('times are shown in the zone of a case, which is said, kept from page to page, and left again', async () => {
      await showsAnotherZone(signedIn.page, `${workspace.http}/conversations/${MAIN}`)
    })

    test('a marked moment is on the server', async () => {
      await marksAMoment(signedIn.page, `${workspace.http}/conversations/${MAIN}`)
    })

    test('hubs are taken out in one act, and another conversation stands beside the first', async () => {
      await hidesAndUnites(signedIn.page, `${workspace.http}/conversations/${MAIN}`)
    })

    test('the drawing is copied as a picture that holds texts and nothing else', async () => {
      const { page } = signedIn
      await page.getByRole('button', { name: 'Copy as' }).click()
      await page.getByRole('menuitem', { name: 'Picture, SVG' }).click()
      await page.getByText('Picture, SVG copied').waitFor()
      const svg = await page.evaluate(() => navigator.clipboard.readText())
      const names = await page.evaluate((text) => {
        const parsed = new DOMParser().parseFromString(text, 'image/svg+xml')
        return [...new Set([...parsed.querySelectorAll('*')].map(({ localName }) => localName))].toSorted()
      }, svg)
      expect(names).toEqual(['circle', 'g', 'path', 'rect', 'svg', 'text'])
      expect(svg).toContain(`Execution graph of ${MAIN} and others`)
    })

    test('no page asked another host for anything, or complained', () => {
      expect(signedIn.foreign).toEqual([])
      expect(signedIn.complaints).toEqual([])
    })
  },
)

/** One that calls many tools from one model call, and one that calls a tool of its own. */
async function sendShifts(workspace: Workspace): Promise<void> {
  const parent = spanIdOf(MAIN, 0)
  const calls = Array.from({ length: TOOLS }, (_, index) => ({
    name: `execute_tool look_${index}`,
    parent,
    attributes: toolCall(MAIN, {
      name: `look_${index}`,
      id: `call_${index}`,
      args: `{"shelf":${index}}`,
      result: '{}',
    }),
  }))
  const first = { name: 'chat gpt-5-mini', attributes: chat(MAIN, { user: 'Check the stock', answer: 'Checking.' }) }
  await send(workspace, traceRequest({ service: 'stock-keeper', trace: MAIN, spans: [first, ...calls] }))
  const own = toolCall(OTHER, { name: 'sweep_floor', id: 'call_own', args: '{}', result: '{}' })
  const spans = [
    { name: 'chat gpt-5-mini', attributes: chat(OTHER, { user: 'Sweep', answer: 'Swept.' }) },
    { name: 'execute_tool sweep_floor', parent: spanIdOf(OTHER, 0), attributes: own },
  ]
  await send(workspace, traceRequest({ service: 'floor-keeper', trace: OTHER, spans }))
}

const nodesOf = (page: Page) => page.locator('.react-flow__node')
const instantOf = (page: Page): string | null => new URL(page.url()).searchParams.get('at')

async function stepsBackAndForth(page: Page): Promise<void> {
  const time = page.getByRole('region', { name: 'Time' })
  await time.getByText('now: all of it').waitFor()
  await nodesOf(page).first().waitFor()
  const last = page.getByRole('group', { name: new RegExp(`^tool call look_${TOOLS - 1}\\b`) })
  await last.waitFor()
  await page.keyboard.press(',')
  await page.getByRole('complementary', { name: 'Time shown' }).getByText('As of').waitFor()
  expect(instantOf(page)).toMatch(/Z$/)
  // What began with it is left first: one step further it had not begun.
  await time.getByText(/step \d+ of \d+/).waitFor()
  await page.keyboard.press(',')
  await last.waitFor({ state: 'detached' })
  await axeClean(page, 'an instant of the past')
  await page.keyboard.press('.')
  await last.waitFor()
  await page.keyboard.press('.')
  await page.waitForFunction(() => !new URL(location.href).searchParams.has('at'))
  // From the end it plays from the beginning, and pauses where it is told to.
  await page.keyboard.press('Space')
  await page.waitForFunction(() => new URL(location.href).searchParams.has('at'))
  await page.keyboard.press('Space')
  await time.getByRole('button', { name: 'Play' }).waitFor()
}

async function keepsTheInstant(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Go to another instant/ }).click()
  const panel = page.getByRole('dialog', { name: 'Go to an instant' })
  const field = panel.getByRole('textbox')
  await field.fill('2026-11-18 12:00:00')
  await panel.getByText(/no zone/).waitFor()
  await panel.getByRole('button', { name: 'it is UTC' }).click()
  await panel.getByText(/understood as 2026-11-18T12:00:00Z/).waitFor()
  await axeClean(page, 'the way to an instant')
  await field.fill('1795000000005')
  await panel.getByRole('button', { name: 'Go there' }).click()
  await page.waitForFunction(() => location.href.includes('at=2026-11-18'))
  const instant = instantOf(page)
  await page.getByRole('link', { name: 'stock-keeper' }).first().click()
  await page.waitForURL(/\/overview/)
  expect(instantOf(page)).toBe(instant)
  const bar = page.getByRole('complementary', { name: 'Time shown' })
  await bar.getByText('this page shows the present').waitFor()
  await page.getByRole('heading', { name: 'stock-keeper' }).waitFor()
  // What it is made of is told as of then; the letter names the page and opens no trigger path.
  await page.keyboard.press('g')
  await page.keyboard.press('b')
  await page.waitForURL(/\/inventory/)
  expect(instantOf(page)).toBe(instant)
  await bar.getByRole('button', { name: 'Known by then' }).click()
  await page.waitForFunction(() => new URL(location.href).searchParams.get('by') === 'known')
  await bar.getByRole('button', { name: 'Back to now' }).click()
  await bar.waitFor({ state: 'detached' })
  expect(new URL(page.url()).search).toBe('')
}

async function showsAnotherZone(page: Page, address: string): Promise<void> {
  const zoneOf = (): string | null => new URL(page.url()).searchParams.get('zone')
  await page.goto(address)
  const began = page.getByText('began').locator('time').first()
  const utc = await began.textContent()
  await page.getByRole('button', { name: /Go to another instant/ }).click()
  const panel = page.getByRole('dialog', { name: 'Go to an instant' })
  const field = panel.getByRole('combobox', { name: 'Zone of the case' })
  await field.fill('Mars/Olympus')
  await panel.getByText('this browser knows no zone of that name').waitFor()
  await field.fill('Australia/Adelaide')
  await panel.getByRole('button', { name: 'Use it' }).click()
  await page.waitForFunction(() => new URL(location.href).searchParams.has('zone'))
  await axeClean(page, 'the choice of a zone')
  await page.keyboard.press('Escape')
  const bar = page.getByRole('complementary', { name: 'Zone of times' })
  await bar.getByText('Australia/Adelaide').waitFor()
  expect(zoneOf()).toBe('Australia/Adelaide')
  const there = await began.textContent()
  expect(there).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \+10:30$/)
  expect(Date.parse((there ?? '').replace(' ', 'T').replace(' ', ''))).toBe(
    Date.parse((utc ?? '').replace(' ', 'T').replace(' UTC', 'Z')),
  )
  expect(await timesWithoutZone(page)).toEqual([])
  // A link takes it along; the words that lead back are those that say it.
  await page.getByRole('link', { name: 'Fleet' }).first().click()
  await page.waitForURL(/\/fleet/)
  expect(zoneOf()).toBe('Australia/Adelaide')
  await bar.getByRole('button', { name: 'Back to UTC' }).click()
  await bar.waitFor({ state: 'detached' })
  expect(new URL(page.url()).search).toBe('')
}

async function marksAMoment(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await page.getByRole('button', { name: 'Bookmarks: 0' }).click()
  await page.getByRole('textbox', { name: 'Mark this moment' }).fill('all shelves were read')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Marked, and on record').waitFor()
  await page.goto(address)
  await page.getByRole('button', { name: 'Bookmarks: 1' }).click()
  await page.getByRole('button', { name: /all shelves were read/ }).click()
  await page.waitForFunction(() => new URL(location.href).searchParams.has('at'))
}

async function hidesAndUnites(page: Page, address: string): Promise<void> {
  await page.goto(address)
  const hub = page.getByRole('group', { name: /^model call chat/ })
  await hub.first().waitFor()
  await page.getByRole('button', { name: 'hide hubs' }).click()
  await hub.first().waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'show hubs' }).click()
  await hub.first().waitFor()
  await page.getByRole('button', { name: 'Together with' }).click()
  const dialog = page.getByRole('dialog', { name: 'Shown together' })
  await dialog.getByRole('textbox').fill(OTHER)
  await dialog.getByRole('button', { name: 'Show', exact: true }).click()
  await page.keyboard.press('Escape')
  await page
    .getByRole('group', { name: /^tool call sweep_floor/ })
    .first()
    .waitFor()
  await axeClean(page, 'conversations together')
  // Its twin holds the same.
  await page.keyboard.press('t')
  await page.getByRole('grid', { name: 'Steps as a table' }).getByText('sweep_floor').first().waitFor()
  await page.keyboard.press('t')
  await page
    .getByRole('group', { name: /^tool call sweep_floor/ })
    .first()
    .waitFor()
}
