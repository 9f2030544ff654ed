import { chat, traceRequest } from '@holdfast/testkit'
import { expect, test } from 'vitest'
import { axeClean } from './support/axe.ts'
import { launchBrowser, noBrowser, signIn } from './support/browser.ts'
import { settled } from './support/inert-page.ts'
import { send, startWorkspace } from './support/server.ts'

if (noBrowser !== undefined && process.env['CI'] !== undefined) throw new Error(noBrowser)

const PAGES = ['/fleet', '/drift', '/policies', '/observed', '/diagnostic'] as const

test.skipIf(noBrowser !== undefined)(
  `before any agent was heard each page says so and how to begin, and turns by itself${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`,
  async () => {
    await using workspace = await startWorkspace()
    await using browser = await launchBrowser()
    const { page, context, complaints } = await signIn(browser, { signInUrl: workspace.signInUrl })
    context.setDefaultTimeout(120_000)
    for (const path of PAGES) {
      await page.goto(workspace.http + path)
      await page.getByRole('heading', { name: 'No agent was heard yet' }).waitFor()
      await settled(page)
      expect([path, await page.getByRole('heading', { level: 1 }).count()]).toEqual([path, 1])
      expect([path, await page.getByRole('alert').count()]).toEqual([path, 0])
      expect(await page.getByRole('link', { name: 'How to point an agent here' }).getAttribute('href')).toBe('/start')
      await axeClean(page, path)
    }
    // What is not there yet is looked for where it would be, and back in time.
    await page.goto(`${workspace.http}/tail`)
    await page.getByRole('link', { name: 'What was recorded in the last hour' }).click()
    await page.waitForURL(/\/hunt\?from=/)
    await page.goto(`${workspace.http}/diagnostic`)
    // The last of them is open when the first agent is heard.
    const spans = [{ name: 'chat', attributes: chat('first', { user: 'Hello', answer: 'Hello.' }) }]
    await send(workspace, traceRequest({ service: 'first-desk', trace: 'first', spans }))
    await page.getByRole('region', { name: 'Five questions' }).waitFor()
    expect(complaints).toEqual([])
  },
  300_000,
)
