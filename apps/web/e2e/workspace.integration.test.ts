import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { axeClean } from './support/axe.ts'
import { launchBrowser, noBrowser, signIn, type SignedIn } from './support/browser.ts'
import { HOSTILE } from './support/hostile.ts'
import { send, startWorkspace, type Workspace } from './support/server.ts'
import { chat, spanIdOf, toolCall, traceRequest } from '@holdfast/testkit'

const CONVERSATION = 'refund-4471'
const HOSTILE_CONVERSATION = 'hostile'

if (noBrowser !== undefined && process.env['CI'] !== undefined) throw new Error(noBrowser)

describe.skipIf(noBrowser !== undefined)(
  `the workspace${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`,
  () => {
    let workspace: Workspace
    let browser: Browser
    let signedIn: SignedIn

    beforeAll(async () => {
      ;[workspace, browser] = await Promise.all([startWorkspace(), launchBrowser()])
    })
    afterAll(async () => {
      await browser?.close()
      await workspace?.[Symbol.asyncDispose]()
    })

    test('asks a stranger to sign in, and says how', async () => {
      const page = await browser.newPage()
      await page.goto(workspace.http)
      await page.getByRole('heading', { name: 'Sign in' }).waitFor()
      expect(await page.getByText('npm start').count()).toBe(1)
      await page.close()
    })

    // In order: each test goes on where the one before left the workspace, as a person would.
    test('the first-run page says how to point an agent here, and turns by itself when the first span arrives', async () => {
      signedIn = await signIn(browser, { signInUrl: workspace.signInUrl })
      const { page } = signedIn
      await page.getByRole('heading', { name: 'Nothing has been recorded yet' }).waitFor()
      expect(
        await page.getByRole('group', { name: 'environment for any OpenTelemetry program' }).innerText(),
      ).toContain(`OTEL_EXPORTER_OTLP_ENDPOINT=${workspace.otlpHttp}`)
      await axeClean(page, 'first run')
      await sendStories(workspace)
      await page.getByRole('heading', { name: 'Agents', exact: true }).waitFor()
    })

    test('a conversation is read from the list of agents down to the text of a tool call', async () => {
      await readsAConversation(signedIn.page)
    })

    test('one key shows what set a step off', async () => {
      await showsTheTriggerPath(signedIn.page)
    })

    test('the palette opens an id, and no key contains anything', async () => {
      await findsById(signedIn.page, workspace)
    })

    test('the tail shows what is recorded, as it is recorded', async () => {
      const { page } = signedIn
      await page.goto(`${workspace.http}/tail`)
      await page.getByText('Following.').waitFor()
      const spans = [{ name: 'chat gpt-5-mini', attributes: chat('tailed', { user: 'Hello', answer: 'Hello.' }) }]
      await send(workspace, traceRequest({ service: 'tailed-agent', trace: 'tailed', spans }))
      await page.getByRole('link', { name: 'tailed-agent' }).first().waitFor()
    })

    test('hostile text runs nothing, loads nothing and hides nothing, in every view and pane', async () => {
      await rendersHostileTextInert(signedIn.page, workspace)
    })

    test('the conversations of an agent fit a page of 1440 pixels', async () => {
      const { page } = signedIn
      await page.goto(`${workspace.http}/agents/${encodeURIComponent('host:-/refund-desk')}`)
      const grid = page.getByRole('grid', { name: 'Conversations' })
      await grid.getByRole('columnheader', { name: 'Last recorded' }).waitFor()
      expect(page.viewportSize()?.width).toBe(1440)
      expect(await grid.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
      // Nothing is cut for it: the time of the last record is whole.
      const recorded = grid.getByRole('row').nth(1).getByRole('gridcell').last()
      expect(await recorded.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
    })

    test('every route is clean by axe in the light', async () => {
      await isCleanEverywhere(signedIn.page, workspace)
    }, 300_000)

    test('every route is clean by axe in the dark', async () => {
      await isCleanInTheDark(browser, signedIn, workspace)
    }, 300_000)

    test('no page asked another host for anything, or broke the content security policy', () => {
      expect(signedIn.foreign).toEqual([])
      // A page that does not exist, and one before the session, answer so on purpose.
      expect(signedIn.complaints.filter((text) => !/status of 40[14]|ApiError: not found/.test(text))).toEqual([])
    })
  },
)

async function sendStories(workspace: Workspace): Promise<void> {
  const parent = spanIdOf(CONVERSATION, 0)
  await send(
    workspace,
    traceRequest({
      service: 'refund-desk',
      trace: CONVERSATION,
      spans: [
        {
          name: 'chat gpt-5-mini',
          attributes: chat(CONVERSATION, { user: 'Refund order 4471', answer: 'I will look it up.' }),
        },
        {
          name: 'execute_tool lookup_order',
          parent,
          attributes: toolCall(CONVERSATION, {
            name: 'lookup_order',
            id: 'call_1',
            args: '{"order":4471}',
            result: '{"paid":20}',
          }),
        },
        { name: 'chat gpt-5-mini', attributes: chat(CONVERSATION, { user: 'paid 20', answer: 'Refunded.' }) },
      ],
    }),
  )
  await send(
    workspace,
    traceRequest({
      service: HOSTILE[0] ?? '',
      trace: HOSTILE_CONVERSATION,
      spans: HOSTILE.flatMap((text, index) => [
        { name: text, attributes: chat(HOSTILE_CONVERSATION, { user: text, answer: text }) },
        {
          name: text,
          attributes: toolCall(HOSTILE_CONVERSATION, { name: text, id: `call_${index}`, args: text, result: text }),
        },
      ]),
    }),
  )
}

/** From the list of agents to the text of a tool's result, by role and label alone. */
async function readsAConversation(page: Page): Promise<void> {
  await page.getByRole('row', { name: /refund-desk/ }).click()
  await page.getByRole('heading', { name: 'refund-desk' }).waitFor()
  await page.waitForURL(/\/overview$/)
  await page.getByRole('row', { name: /Refund order 4471/ }).click()
  await page.getByRole('heading', { name: /Set off by.*Refund order 4471/ }).waitFor()
  await page.getByRole('button', { name: /^A3 Tool calls/ }).waitFor()
  await page.getByRole('group', { name: /tool call lookup_order/ }).click()
  const pane = page.getByRole('complementary', { name: 'Selected step' })
  await pane.getByText('{"order":4471}').waitFor()
  expect(await pane.getByRole('link', { name: /entry \d+ and its proof/ }).count()).toBeGreaterThan(0)
  expect(new URL(page.url()).searchParams.get('node')).not.toBeNull()

  // Tree and table hold the same rows, and keep the selection.
  const counts: (string | null)[] = []
  for (const view of ['Tree', 'Table']) {
    await page.getByRole('button', { name: view, exact: true }).click()
    const grid = page.getByRole(view === 'Tree' ? 'treegrid' : 'grid', { name: /Steps as/ })
    await grid.locator('[role=row][aria-selected=true]').waitFor()
    counts.push(await grid.getAttribute('aria-rowcount'))
  }
  expect(new Set(counts).size).toBe(1)
  expect(await page.locator('time').evaluateAll((all) => all.every((each) => /UTC|Z/.test(each.textContent)))).toBe(
    true,
  )
}

async function showsTheTriggerPath(page: Page): Promise<void> {
  await page.keyboard.press('p')
  const path = page.getByRole('region', { name: 'Trigger path' })
  await path.getByText('What set this off').waitFor()
  expect(new URL(page.url()).searchParams.get('path')).toBe('trigger')
  await page.keyboard.press('Escape')
  await page.getByRole('complementary', { name: 'Selected step' }).waitFor({ state: 'detached' })
}

async function findsById(page: Page, workspace: Workspace): Promise<void> {
  await page.keyboard.press('Control+k')
  const box = page.getByRole('searchbox', { name: 'Open any id' })
  const before = page.url()
  // Letters that are keys of the page behind it.
  await box.pressSequentially('poor copy', { delay: 5 })
  expect(await box.inputValue()).toBe('poor copy')
  expect(page.url()).toBe(before)
  await box.fill(CONVERSATION)
  await page
    .getByRole('menuitem', { name: /refund/i })
    .first()
    .click()
  await page.waitForURL(`${workspace.http}/conversations/${CONVERSATION}`)
  await page.keyboard.press('?')
  const dialog = page.getByRole('dialog', { name: 'Keyboard' })
  await dialog.waitFor()
  expect(await dialog.innerText()).not.toMatch(/contain\b(?!s)|kill|quarantine/i)
  await page.keyboard.press('Escape')
}

async function rendersHostileTextInert(page: Page, workspace: Workspace): Promise<void> {
  const address = `${workspace.http}/conversations/${HOSTILE_CONVERSATION}`
  for (const path of ['', '?mode=as-run', '?view=tree', '?view=table']) {
    await page.goto(address + path)
    await page.getByRole('button', { name: /^A1/ }).waitFor()
    await settled(page)
    await expectInert(page)
  }
  // Every step's pane, with all its texts open.
  await page.goto(`${address}?view=table`)
  const rows = page.getByRole('grid').getByRole('row')
  await rows.nth(1).waitFor()
  const count = Math.min(30, await rows.count())
  for (let index = 1; index < count; index += 1) {
    await rows.nth(index).click()
    await page
      .getByRole('complementary', { name: 'Selected step' })
      .getByText(/^stands for/)
      .waitFor()
    await settled(page)
    await expectInert(page)
  }
  await page.goto(`${workspace.http}/search?q=${encodeURIComponent('<script>')}`)
  await settled(page)
  await expectInert(page)
}

/** Nothing ran, nothing was made of the text, and no hidden character is in the page. */
async function expectInert(page: Page): Promise<void> {
  const found = await page.evaluate(() => ({
    ran: '__ran' in window,
    elements: document.querySelectorAll(
      'main img, main iframe, main style, main link, main script, main a[href^="http"]',
    ).length,
    // Format, private and lone surrogate characters, and controls but for the ends of lines.
    hidden: /[\p{Cf}\p{Co}\p{Cs}]|[^\P{Cc}\n\t\r]/u.test(document.body.innerText),
    followable: /https?:\/\/evil/i.test(document.body.innerText),
  }))
  expect(found).toEqual({ ran: false, elements: 0, hidden: false, followable: false })
}

const routesOf = (workspace: Workspace): readonly (readonly [string, string])[] => [
  ['agents', '/'],
  ['agent', `/agents/${encodeURIComponent('host:-/refund-desk')}`],
  ['agent kernel', `/agents/${encodeURIComponent('host:-/refund-desk')}/kernel`],
  ['agent containment', `/agents/${encodeURIComponent('host:-/refund-desk')}/containment`],
  ['agent baseline', `/agents/${encodeURIComponent('host:-/refund-desk')}/baseline`],
  ['observed', '/observed'],
  ['graph', `/conversations/${CONVERSATION}`],
  ['as run', `/conversations/${CONVERSATION}?mode=as-run`],
  ['tree', `/conversations/${CONVERSATION}?view=tree`],
  ['table', `/conversations/${CONVERSATION}?view=table`],
  ['tail', '/tail'],
  ['integrity', '/integrity?entry=1'],
  ['search', '/search?q=refund'],
  ['no page', '/nothing-here'],
  ['no conversation', `/conversations/${workspace.token.slice(0, 8)}`],
]

async function isCleanEverywhere(page: Page, workspace: Workspace): Promise<void> {
  for (const [name, path] of routesOf(workspace)) {
    await page.goto(workspace.http + path)
    await settled(page)
    await axeClean(page, name)
  }
}

async function isCleanInTheDark(browser: Browser, { context }: SignedIn, workspace: Workspace): Promise<void> {
  const dark = await browser.newContext({
    colorScheme: 'dark',
    locale: 'en-US',
    storageState: await context.storageState(),
  })
  await isCleanEverywhere(await dark.newPage(), workspace)
  await dark.close()
}

/** Nothing is being read any more: every view says so while it is. */
async function settled(page: Page): Promise<void> {
  await page.locator('main').first().waitFor()
  await page.waitForFunction(() => !/(Reading|reading) .*…|Reading …|looking …/.test(document.body.innerText))
}
