import type { Browser, Page, Route } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeClean } from './support/axe.ts'
import { launchBrowser, noBrowser, signIn } from './support/browser.ts'
import { settled } from './support/inert-page.ts'
import { send, startWorkspace } from './support/server.ts'
import { timesWithoutZone } from './support/zones.ts'
import { MAILBOX, poisonedReport, traceRequest } from '@holdfast/testkit'

let browser: Browser

beforeAll(async () => {
  if (noBrowser === undefined) browser = await launchBrowser()
})
afterAll(() => browser?.close())

/** A note is on the server as it is typed: another tab shows it after its own was killed, without leaving the field. */
async function writeNote(page: Page): Promise<void> {
  const doomed = await page.context().newPage()
  await doomed.goto(page.url())
  await doomed.getByRole('textbox', { name: 'A new note' }).pressSequentially('the mailbox <b>is not</b> ours')
  await doomed.getByText('saved on the server').waitFor()
  await doomed.close({ runBeforeUnload: false })
  await page.reload()
  const notes = page.getByRole('region', { name: 'Notes' })
  await notes.getByText('the mailbox <b>is not</b> ours').waitFor()
  await notes.getByRole('button', { name: 'pin', exact: true }).click()
  await notes.getByRole('button', { name: 'unpin' }).waitFor()
  await page.getByRole('button', { name: 'Take it' }).click()
  await page.getByText(/\(you\) since/).waitFor()
  const timeline = page.getByRole('region', { name: 'Timeline' })
  await timeline.getByRole('button', { name: /^people/ }).click()
  await timeline.getByText('pin: the mailbox <b>is not</b> ours').waitFor()
  await timeline.getByText('taken it').waitFor()
}

/** The value behind a join by content stands on its panel once it was asked for. */
async function readsWhatTravelled(page: Page, http: string): Promise<void> {
  await page.goto(`${http}/conversations/poisoned`)
  await page.getByLabel(/^read_document carried a value to send_mail/).focus()
  await page.keyboard.press('Enter')
  const join = page.getByRole('region', { name: 'Selected join' })
  // Where steps are folded into groups a join stands for several.
  await join.getByRole('button', { name: /^Show as run/ }).click()
  await page.getByLabel(/^read_document carried a value to send_mail/).focus()
  await page.keyboard.press('Enter')
  expect(await join.getByText(MAILBOX).count()).toBe(0)
  await join.getByRole('button', { name: 'Show the values (recorded)' }).click()
  await join.getByText(MAILBOX).waitFor()
}

/** What stands on a card at night opens what it names. */
async function openedById(page: Page, incident: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Workspace' }).getByRole('link', { name: 'Agents' }).click()
  await page.keyboard.press('/')
  await page.getByRole('searchbox', { name: 'Open any id' }).fill(incident)
  await page.getByRole('menuitem').filter({ hasText: incident }).click()
  await page.waitForURL(new RegExp(`/incidents/${incident}$`))
}

/** Where no text asks for the deed, what its execution began with is quoted, and is not taken for the reason. */
async function quotesWhatItBeganWith(page: Page): Promise<void> {
  const withoutQuotes = async (route: Route): Promise<void> => {
    const response = await route.fetch()
    const json: unknown = JSON.parse(await response.text(), (key, value: unknown) =>
      key === 'quote' ? undefined : value,
    )
    await route.fulfill({ response, json })
  }
  await page.route(/\/api\/v1\/incidents\/inc-[^/]+$/, withoutQuotes)
  await page.reload()
  const setOff = page.getByRole('region', { name: 'What set it off' })
  await setOff.getByText('no captured text asks for the deed').waitFor()
  expect(await setOff.locator('blockquote').innerText()).toContain('Summarise the report.')
  expect(await setOff.getByRole('link', { name: 'trigger path (p)' }).isVisible()).toBe(true)
  // It may be read again meanwhile.
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await page.reload()
}

/** Of the drawing every step of the path is in sight, however far apart they stand. */
async function wholePathInView(page: Page): Promise<void> {
  await page.locator('.edge-marked').first().waitFor({ state: 'attached' })
  await page.waitForFunction(() => {
    const room = document.querySelector('.react-flow')?.getBoundingClientRect()
    const marked = [...document.querySelectorAll('.step:not(.step-dim)')].map((step) => step.getBoundingClientRect())
    return (
      room !== undefined &&
      marked.length > 2 &&
      marked.every(
        ({ left, top, right, bottom }) =>
          left >= room.left && right <= room.right && top >= room.top && bottom <= room.bottom,
      )
    )
  })
}

/** From the question of the user, through the text that the page quotes, to the deed: not the shortest way there. */
async function leadsThroughWhatAsked(page: Page): Promise<void> {
  await page.getByRole('region', { name: 'What set it off' }).getByRole('link', { name: 'trigger path (p)' }).waitFor()
  await page.keyboard.press('p')
  const path = page.getByRole('region', { name: 'Trigger path' })
  await path.getByText('from the triggering input through the text that asked for it').waitFor()
  const steps = await path.getByRole('listitem').allInnerTexts()
  const asked = steps.findIndex((step) => step.includes('asked for it'))
  expect(steps[asked]).toContain('read_document')
  expect(steps[0]).toContain('user message')
  expect(asked).toBeGreaterThan(0)
  expect(steps.at(-1)).toContain('send_mail')
  expect(steps.length - 1).toBeGreaterThan(asked)
  await wholePathInView(page)
}

/** Loaded anew, a page stands where it stood, however late its parts come; another one begins at its top. */
async function standsWhereItStood(page: Page): Promise<void> {
  const top = (): Promise<number> => page.locator('[data-scrolls="page"]').evaluate(({ scrollTop }) => scrollTop)
  await settled(page)
  await page.locator('[data-scrolls="page"]').evaluate((scroller) => scroller.scrollTo(0, 900))
  expect(await top()).toBe(900)
  const late = Promise.withResolvers<undefined>()
  await page.route(/\/(case|evidence|standing)\b/, async (route) => {
    await late.promise
    await route.continue()
  })
  await page.reload()
  await page.getByRole('heading', { level: 1 }).waitFor()
  expect(await page.getByRole('region', { name: 'Runbook' }).count()).toBe(0)
  late.resolve(undefined)
  await page.getByRole('region', { name: 'Runbook' }).waitFor()
  await settled(page)
  await page.waitForFunction(() => document.querySelector('[data-scrolls="page"]')?.scrollTop === 900)
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await page.getByRole('navigation', { name: 'Workspace' }).getByRole('link', { name: 'Agents' }).click()
  await page.getByRole('heading', { name: 'Agents', exact: true }).waitFor()
  await page.goBack()
  await page.waitForFunction(() => document.querySelector('[data-scrolls="page"]')?.scrollTop === 900)
}

/** Everything that is decided by stands on the first screen of a phone. */
async function readsOnPhone(page: Page): Promise<void> {
  await page.setViewportSize({ width: 390, height: 844 })
  const clocks = page.getByRole('region', { name: 'Clocks' })
  await clocks.waitFor()
  for (const label of ['Harm', 'Set off by', 'Type', 'At risk', 'Do', 'Owner'])
    expect(await page.getByRole('term').filter({ hasText: label }).first().isVisible()).toBe(true)
  expect(await clocks.getByText(/hold by/).isVisible()).toBe(true)
  expect(
    await page
      .getByRole('list', { name: 'Agents' })
      .getByRole('link', { name: /report-clerk/ })
      .isVisible(),
  ).toBe(true)
  const box = await clocks.boundingBox()
  expect((box?.y ?? Infinity) + (box?.height ?? Infinity)).toBeLessThanOrEqual(844)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  await axeClean(page, 'incident on a phone')
  await page.setViewportSize({ width: 1440, height: 900 })
}

test.skipIf(noBrowser !== undefined)(
  `an incident opens with its sentence and three columns, and each line leads to its event${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`,
  async () => {
    await using workspace = await startWorkspace()
    const spans = poisonedReport({ tail: '<img src=x>' })
    await send(workspace, traceRequest({ service: 'report-clerk', trace: 'poisoned', spans }))
    const { page, context, complaints } = await signIn(browser, { signInUrl: workspace.signInUrl })
    context.setDefaultTimeout(120_000)
    await page.getByRole('navigation', { name: 'Workspace' }).getByRole('link', { name: 'Incidents' }).click()
    const figures = page.getByRole('region', { name: 'How incidents are responded to' })
    await figures.getByText('time to classification').first().click()
    const row = figures.getByRole('row', { name: /complete chains sealed before the first action/ })
    await row.getByText('none yet').waitFor()
    await figures.getByText('time to classification').first().click()
    // The row appears by itself once the case was judged.
    await page.getByRole('row', { name: /Reasoning compromise/ }).click()
    await page.getByRole('region', { name: 'What set it off' }).locator('blockquote').getByText(MAILBOX).waitFor()
    const columns = page.getByRole('region', { name: 'Classification' }).getByRole('article')
    expect(await columns.count()).toBe(3)
    const evidence = page.getByRole('region', { name: 'Evidence' })
    await evidence.getByRole('button', { name: /Tool calls/ }).click()
    await evidence.getByRole('button', { name: /Tool calls/, expanded: true }).waitFor()
    const runbook = page.getByRole('region', { name: 'Runbook' })
    await runbook.getByText('nobody has opened its case').waitFor()
    const incident = page.url().split('/').at(-1) ?? ''
    expect(await runbook.getByText(`incidents open ${incident}`).count()).toBe(1)
    for (const meaning of [/P1 detect, P2 analyze, .* P6 learn/, /amber: a hint, or a text that came in/])
      await page.getByText(meaning).waitFor()
    await standsWhereItStood(page)
    const step = (deed: object) =>
      fetch(`${workspace.http}/api/v1/incidents/${incident}/case`, {
        method: 'POST',
        headers: { authorization: `Bearer ${workspace.token}`, 'content-type': 'application/json' },
        body: JSON.stringify(deed),
      })
    for (const deed of [
      { do: 'open' },
      { do: 'classify', type: 'reasoning-compromise', reason: 'the report carried the order' },
      { do: 'open-phase', phase: 'detect' },
    ])
      expect((await step(deed)).status).toBe(200)
    await runbook.getByRole('button', { name: 'detect: open' }).waitFor()
    await runbook.getByText('read-chain').waitFor()
    await axeClean(page, 'incident')
    expect(await timesWithoutZone(page)).toEqual([])
    await writeNote(page)
    await readsOnPhone(page)
    await openedById(page, incident)
    await quotesWhatItBeganWith(page)
    const primary = columns.filter({ hasText: 'primary' })
    // Each claim opens the edges and records that it rests on.
    const claim = primary.locator('details').filter({ has: page.getByLabel(/what this rests on/) })
    await claim.first().locator('summary').click()
    await claim
      .first()
      .getByRole('link', { name: /^#\d+$/ })
      .first()
      .waitFor()
    // One key leads from the page to the way that made its deed happen.
    const address = page.url()
    await page.keyboard.press('p')
    await page.waitForURL(/path=trigger/)
    await page.goto(address)
    await leadsThroughWhatAsked(page)
    await page.goto(address)
    await primary.getByRole('link', { name: 'open the event' }).first().click()
    await page.getByRole('heading', { name: 'send_mail', exact: true }).waitFor()
    await page.getByRole('link', { name: '1 incident' }).waitFor()
    await readsWhatTravelled(page, workspace.http)
    expect(complaints).toEqual([])
    await context.close()
  },
  600_000,
)
