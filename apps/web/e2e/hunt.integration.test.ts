import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { chat, toolCall, traceRequest } from '@holdfast/testkit'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeClean } from './support/axe.ts'
import { launchBrowser, noBrowser, signIn } from './support/browser.ts'
import { send, startWorkspace } from './support/server.ts'

let browser: Browser

beforeAll(async () => {
  if (noBrowser === undefined) browser = await launchBrowser()
})
afterAll(() => browser?.close())

const CLI = join(import.meta.dirname, '..', '..', 'cli', 'src', 'main.ts')

test.skipIf(noBrowser !== undefined)(
  `what an analyst hunts for is narrowed by click, looked around, and saved for everybody${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`,
  async () => {
    await using workspace = await startWorkspace()
    for (const service of ['refund-agent', 'pricing'])
      await send(
        workspace,
        traceRequest({
          service,
          trace: `hunted ${service}`,
          spans: [
            {
              name: 'chat',
              attributes: chat(`case-${service}`, { user: `please wire it, ${service}`, answer: 'done' }),
            },
            {
              name: 'execute_tool wire_refund',
              attributes: toolCall(`case-${service}`, { name: 'wire_refund', id: 'c1', args: '{}', result: 'wired' }),
            },
            {
              name: 'execute_tool read_file',
              attributes: toolCall(`case-${service}`, { name: 'read_file', id: 'c2', args: '{}', result: 'read' }),
            },
          ],
        }),
      )
    const { page, context, complaints, foreign } = await signIn(browser, { signInUrl: workspace.signInUrl })
    await page.goto(`${workspace.http}/hunt`)
    const values = page.getByRole('region', { name: 'Values of tool' })
    await values.getByRole('button', { name: 'Only tool wire_refund' }).click()
    const grid = page.getByRole('grid', { name: 'Events that the query finds' })
    await expect.poll(() => grid.getByRole('row', { name: /wire_refund/ }).count()).toBeGreaterThan(1)
    await page
      .getByRole('region', { name: 'Values of agent' })
      .getByRole('button', { name: /Without agent .*pricing/ })
      .click()
    await expect.poll(() => new URL(page.url()).searchParams.get('q')).toMatch(/^tool:wire_refund -agent:"\S*pricing"$/)
    await expect.poll(() => grid.getByRole('row', { name: /pricing/ }).count()).toBe(0)
    // The other tools are still counted: an alternative is one click away.
    await values.getByRole('button', { name: 'Only tool read_file' }).waitFor()
    await axeClean(page, 'hunt')

    await grid
      .getByRole('row', { name: /tool-call/ })
      .first()
      .click()
    const pane = page.getByRole('complementary', { name: 'The selected event' })
    await pane.getByRole('link', { name: 'All agents' }).click()
    await grid
      .getByRole('row', { name: /pricing/ })
      .first()
      .waitFor()

    await page.getByRole('searchbox', { name: 'Query' }).fill('tool:"wire')
    await page.getByRole('alert').filter({ hasText: 'not closed' }).waitFor()
    await page.getByRole('searchbox', { name: 'Query' }).fill('text:"please wire it, refund"')
    await page.getByRole('searchbox', { name: 'Query' }).press('Enter')
    await expect.poll(() => grid.getByRole('row', { name: /user message/ }).count()).toBe(1)
    await page.getByRole('button', { name: 'Saved views' }).click()
    await page.getByRole('textbox', { name: 'Name of the view' }).fill('asked for a refund')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('link', { name: 'asked for a refund' }).waitFor()

    const env = { PATH: process.env['PATH'], HOLDFAST_URL: workspace.http, HOLDFAST_TOKEN: workspace.token }
    const flags = ['--disable-warning=ExperimentalWarning', '--conditions=@holdfast/source', CLI]
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...flags, 'hunt', '--view', 'asked for a refund', '--json'],
      { env },
    )
    expect(JSON.parse(stdout)).toMatchObject([{ agentName: 'refund-agent', values: { kind: 'prompt.user' } }])
    expect([...complaints, ...foreign]).toEqual([])
    await context.close()
  },
)
