import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { axeClean, axeFaults, type Judged } from './support/axe.ts'
import { launchBrowser, noBrowser, signIn, type SignedIn } from './support/browser.ts'
import { HOSTILE } from './support/hostile.ts'
import { joinsByTab, nodesByTab } from './support/keyboard-graph.ts'
import { read, send, startWorkspace, type Workspace } from './support/server.ts'
import { timesWithoutZone } from './support/zones.ts'
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
      expect(await page.getByText('holdfast -- accounts sign-in token').count()).toBe(1)
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

    test('every node of the graph is reached by the tab key, has a name, and stands in its tree and table', async () => {
      await reachesEveryNode(signedIn.page, workspace)
    })

    test('a join that the tab key stands on comes into sight, however small the window', async () => {
      const { page } = signedIn
      await page.setViewportSize({ width: 640, height: 420 })
      await page.goto(`${workspace.http}/conversations/${HOSTILE_CONVERSATION}?mode=as-run`)
      await page.locator('.react-flow__edge').first().waitFor()
      const joins = await joinsByTab(page)
      expect(joins.size).toBeGreaterThan(5)
      expect([...joins].filter(([, isSeen]) => !isSeen)).toEqual([])
      await page.setViewportSize({ width: 1440, height: 900 })
    })

    test('what is looked for stays in the address from graph to tree to table, and for whoever is sent it', async () => {
      await keepsWhatIsLookedFor(signedIn, workspace)
    })

    test('the counts of the pages are those of the API', async () => {
      await showsTheSameCounts(signedIn.page, workspace)
    })

    test('a value of five megabytes costs nothing until it is opened', async () => {
      await opensALargeValue(signedIn.page, workspace)
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

    test('the tail goes back to an instant of any form, lets its filters through, and follows on', async () => {
      const { page, context } = signedIn
      await context.grantPermissions(['clipboard-read', 'clipboard-write'])
      await page.goto(`${workspace.http}/tail?include=tailed-agent`)
      await page.getByText('Following.').waitFor()
      const rows = page.getByRole('link', { name: 'tailed-agent' })
      expect(await rows.count()).toBe(0)
      const since = page.getByRole('textbox', { name: 'Since' })
      await since.fill('1h ago')
      await since.press('Enter')
      await rows.first().waitFor()
      expect(new URL(page.url()).searchParams.get('since')).toBe('1h ago')
      const before = await rows.count()
      const spans = [{ name: 'chat gpt-5-mini', attributes: chat('tailed-on', { user: 'Again', answer: 'Hello.' }) }]
      await send(workspace, traceRequest({ service: 'tailed-agent', trace: 'tailed-on', spans }))
      await expect.poll(() => rows.count(), { timeout: 30_000 }).toBeGreaterThan(before)
      await page.getByRole('button', { name: 'Copy as' }).click()
      await page.getByRole('menuitem', { name: 'Command line' }).click()
      await page.getByText('Command line copied').waitFor()
      expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("--since '1h ago'")
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

    test('every form of a route is clean by axe in the light, and every time on it has its zone', async () => {
      await areClean(signedIn.page, workspace, { pages: VARIANTS, judged: 'all' })
    }, 300_000)

    test('every route has enough contrast in the dark, and every time on it has its zone', async () => {
      const { context } = signedIn
      const dark = await browser.newContext({
        colorScheme: 'dark',
        locale: 'en-US',
        storageState: await context.storageState(),
      })
      await areClean(await dark.newPage(), workspace, { pages: [...PLAIN, ...VARIANTS], judged: 'colours' })
      await dark.close()
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

async function reachesEveryNode(page: Page, workspace: Workspace): Promise<void> {
  await page.goto(`${workspace.http}/conversations/${CONVERSATION}?mode=as-run`)
  await page.getByRole('group', { name: /tool call lookup_order/ }).waitFor()
  const drawn = await page
    .locator('.react-flow__node:not([aria-hidden=true])')
    .evaluateAll((all) => all.map((one) => one.getAttribute('data-id') ?? ''))
  const graph = graphSchema.parse(await read(workspace, `/api/v1/conversations/${CONVERSATION}/graph`))
  const ids = graph.nodes.map(({ id }) => id).toSorted()
  expect(drawn.toSorted()).toEqual(ids)
  const reached = await nodesByTab(page)
  expect([...reached.keys()].toSorted()).toEqual(ids)
  expect([...reached.values()].filter((name) => name.trim() === '')).toEqual([])
  for (const [view, role] of [
    ['tree', 'treegrid'],
    ['table', 'grid'],
  ] as const) {
    await page.goto(`${workspace.http}/conversations/${CONVERSATION}?view=${view}`)
    const rows = page.getByRole(role, { name: /Steps as/ })
    await rows.getByText('lookup_order').first().waitFor()
    expect([view, Number(await rows.getAttribute('aria-rowcount'))]).toEqual([view, ids.length + 1])
  }
}

async function keepsWhatIsLookedFor({ page, context }: SignedIn, workspace: Workspace): Promise<void> {
  await page.goto(`${workspace.http}/conversations/${CONVERSATION}`)
  const field = (there: Page) => there.getByRole('searchbox', { name: 'Find in this conversation' })
  await field(page).fill('lookup')
  await page.waitForFunction(() => new URL(location.href).searchParams.get('q') === 'lookup')
  for (const view of ['Tree', 'Table', 'Graph']) {
    await page.getByRole('button', { name: view, exact: true }).click()
    await page.getByRole('button', { name: view, exact: true, pressed: true }).waitFor()
    expect([view, await field(page).inputValue()]).toEqual([view, 'lookup'])
    expect(new URL(page.url()).searchParams.get('q')).toBe('lookup')
  }
  await page.getByRole('button', { name: 'Table', exact: true }).click()
  const other = await context.newPage()
  await other.goto(page.url())
  const rows = other.getByRole('grid', { name: 'Steps as a table' })
  await rows.getByText('lookup_order').first().waitFor()
  expect(await field(other).inputValue()).toBe('lookup')
  expect(await rows.getByText('Refund order 4471').count()).toBe(0)
  await other.close()
}

async function showsTheSameCounts(page: Page, workspace: Workspace): Promise<void> {
  const { items: agents } = agentsSchema.parse(await read(workspace, '/api/v1/agents'))
  await page.goto(workspace.http)
  const agent = agents.find(({ name }) => name === 'refund-desk')
  const row = page.getByRole('row', { name: /refund-desk/ })
  await row
    .getByRole('gridcell', { name: String(agent?.events), exact: true })
    .first()
    .waitFor()
  await row.click()
  await page.getByText(`${agent?.events} events`, { exact: true }).waitFor()
  const { modelCalls, toolCalls, events } = countsSchema.parse(
    await read(workspace, `/api/v1/conversations/${CONVERSATION}`),
  )
  const cells = page.getByRole('row', { name: /Refund order 4471/ }).getByRole('gridcell')
  for (const shown of [`${modelCalls} · ${toolCalls}`, String(events)])
    await cells.filter({ hasText: new RegExp(`^${shown}$`) }).waitFor()
}

/** Five megabytes of base64, as an image that a tool gave back. */
const LARGE = Buffer.alloc(3_750_000, 'Holdfast 0123456789').toString('base64')

async function opensALargeValue(page: Page, workspace: Workspace): Promise<void> {
  const attributes = toolCall('blob', { name: 'render', id: 'call_1', args: '{}', result: LARGE })
  const spans = [{ name: 'execute_tool render', attributes }]
  await send(workspace, traceRequest({ service: 'blob-agent', trace: 'blob', spans }))
  let received = 0
  const bodies: Promise<unknown>[] = []
  page.on('response', (response) => {
    // The stream of changes never ends.
    if (!response.url().includes('/api/') || response.url().endsWith('/changes')) return
    bodies.push(
      response.body().then(
        ({ length }) => (received += length),
        () => undefined,
      ),
    )
  })
  await page.goto(`${workspace.http}/conversations/blob`)
  await page.getByRole('group', { name: /tool call render/ }).click()
  const result = page.getByRole('region', { name: 'Content result' })
  await result.getByRole('button', { name: 'Open' }).waitFor()
  await settled(page)
  await Promise.all(bodies)
  expect(received).toBeGreaterThan(0)
  expect(received).toBeLessThan(LARGE.length / 10)
  await result.getByRole('button', { name: 'Open' }).click()
  await result.getByText(/^characters 1 to/).waitFor()
  await Promise.all(bodies)
  expect(received).toBeLessThan(LARGE.length / 5)
}

const graphSchema = z.object({ nodes: z.array(z.object({ id: z.string() })) })
const agentsSchema = z.object({ items: z.array(z.object({ name: z.string(), events: z.int() })) })
const countsSchema = z.object({ modelCalls: z.int(), toolCalls: z.int(), events: z.int() })

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

type Address = readonly [name: string, path: string]

/** Routes as they open; stories.integration.test.ts has axe judge every one of them in the light. */
const PLAIN: readonly Address[] = [
  ['agents', '/'],
  ['agent', `/agents/${encodeURIComponent('host:-/refund-desk')}`],
  ['agent kernel', `/agents/${encodeURIComponent('host:-/refund-desk')}/kernel`],
  ['agent containment', `/agents/${encodeURIComponent('host:-/refund-desk')}/containment`],
  ['agent baseline', `/agents/${encodeURIComponent('host:-/refund-desk')}/baseline`],
  ['observed', '/observed'],
  ['graph', `/conversations/${CONVERSATION}`],
  ['tail', '/tail'],
]

/** What only an address with more to it shows, or one that leads nowhere. */
const VARIANTS: readonly Address[] = [
  ['as run', `/conversations/${CONVERSATION}?mode=as-run`],
  ['tree', `/conversations/${CONVERSATION}?view=tree`],
  ['table', `/conversations/${CONVERSATION}?view=table`],
  ['integrity of an entry', '/integrity?entry=1'],
  ['search', '/search?q=refund'],
  ['no page', '/nothing-here'],
  ['no conversation', '/conversations/nobody-s'],
]

type Sweep = { readonly pages: readonly Address[]; readonly judged: Judged }

async function areClean(page: Page, workspace: Workspace, { pages, judged }: Sweep): Promise<void> {
  const faults: string[] = []
  for (const [name, path] of pages) {
    await page.goto(workspace.http + path)
    await settled(page)
    faults.push(...(await axeFaults(page, name, judged)))
    faults.push(...(await timesWithoutZone(page)).map((time) => `${name}: ${time} has no zone`))
  }
  expect(faults).toEqual([])
}

/** Nothing is being read any more: every view says so while it is. */
async function settled(page: Page): Promise<void> {
  await page.locator('main').first().waitFor()
  await page.waitForFunction(() => !/(Reading|reading) .*…|Reading …|looking …/.test(document.body.innerText))
}
