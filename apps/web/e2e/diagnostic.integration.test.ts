import { chat, toolCall, traceRequest } from '@holdfast/testkit'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeClean } from './support/axe.ts'
import { launchBrowser, noBrowser, signIn } from './support/browser.ts'
import { send, startWorkspace } from './support/server.ts'
import { timesWithoutZone } from './support/zones.ts'

let browser: Browser

beforeAll(async () => {
  if (noBrowser === undefined) browser = await launchBrowser()
})
afterAll(() => browser?.close())

test.skipIf(noBrowser !== undefined)(
  `the five questions are tiles, each leads to what was looked at, and the scorecard is changed with a reason${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`,
  async () => {
    await using workspace = await startWorkspace()
    const call = { name: 'get_ticket', id: 'call-1', args: '{"ticket":"T-1"}', result: '<img src=x>' }
    const spans = [
      { name: 'chat gpt-5-mini', attributes: chat('desk', { user: 'What is T-1?', answer: 'Open.' }) },
      { name: 'execute_tool get_ticket', attributes: toolCall('desk', call) },
    ]
    await send(workspace, traceRequest({ service: 'audited-desk', trace: 'desk', spans }))
    const { page, context, complaints, foreign } = await signIn(browser, { signInUrl: workspace.signInUrl })
    await page.getByRole('navigation', { name: 'Workspace' }).getByRole('link', { name: 'Diagnostic' }).click()
    const tiles = page.getByRole('region', { name: 'Five questions' })
    await tiles.getByRole('article', { name: 'Q5' }).getByText('no violation of an artifact').waitFor()
    expect(await tiles.getByRole('article').count()).toBe(5)

    await tiles
      .getByRole('article', { name: 'Q1', exact: true })
      .getByRole('link', { name: 'What was looked at' })
      .click()
    await page.getByRole('article', { name: 'Q1 in full' }).getByRole('link', { name: 'model in use' }).waitFor()
    expect(new URL(page.url()).searchParams.get('question')).toBe('Q1')
    expect(new URL(page.url()).searchParams.get('at')).toMatch(/Z$/)

    const streams = page.getByRole('region', { name: 'Attestations' })
    await streams.getByText('audited-desk').waitFor()
    const card = page.getByRole('region', { name: 'Scorecard' })
    await card
      .getByRole('row', { name: /CNAPP/ })
      .getByRole('button', { name: /Partial/ })
      .first()
      .click()
    await card.getByRole('combobox', { name: 'Score' }).selectOption('None')
    await card.getByRole('textbox', { name: 'Reason' }).first().fill('ours looks at images alone')
    await card.getByRole('button', { name: 'Change' }).click()
    await card.getByText('1 change').waitFor()
    await axeClean(page, 'diagnostic')
    expect(await timesWithoutZone(page)).toEqual([])
    expect(complaints).toEqual([])
    expect(foreign).toEqual([])
    await context.close()

    const again = await fetch(`${workspace.http}/api/v1/scorecard`, {
      headers: { authorization: `Bearer ${workspace.token}` },
    })
    expect(await again.json()).toMatchObject({ history: [{ reason: 'ours looks at images alone' }] })
  },
)
