import { traceRequest } from '@holdfast/testkit'
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

const HOSTILE = '<img src=x onerror=alert(1)>'

test.skipIf(noBrowser !== undefined)(
  `the roster says its mode, whom each agent may share work with, the rules about data, and what was held against that${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`,
  async () => {
    await using workspace = await startWorkspace()
    const { page, context, complaints, foreign } = await signIn(browser, { signInUrl: workspace.signInUrl })
    await page.goto(new URL('/roster', workspace.http).href)
    await page.getByRole('heading', { level: 1, name: 'No roster is kept: no agent is held against one' }).waitFor()

    const decide = async (decision: object): Promise<void> => {
      const response = await fetch(`${workspace.http}/api/v1/roster/decisions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${workspace.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ decision, reason: 'a test' }),
      })
      expect(response.status).toBe(200)
    }
    const key = `${'A'.repeat(43)}=`
    const entry = { agent: 'desk', owner: 'ann', version: '1.4.0', key, class: 'support', dataClasses: ['contact'] }
    await decide({ do: 'add', entry: { ...entry, peers: ['billing', HOSTILE] } })
    const contact = { name: 'contact', regions: ['eu'], regulated: true, keepDays: 30 }
    await decide({
      do: 'data-rules',
      rules: { version: 1, classes: [contact], endpoints: [{ host: 'a.example', region: 'eu' }] },
    })
    await decide({ do: 'mode', mode: 'closed' })
    const spans = [{ name: 'handoff', attributes: { 'gen_ai.handoff.to_agent': 'mailer' } }]
    await send(workspace, traceRequest({ service: 'desk', trace: 'handed', spans }))

    await expect
      .poll(
        async () => {
          await page.reload()
          await page.getByRole('heading', { level: 1, name: /^The roster is closed/ }).waitFor()
          return page.getByText('desk handed work to mailer').count()
        },
        { timeout: 60_000 },
      )
      .toBe(1)
    const row = page.getByRole('row').filter({ hasText: '1.4.0' })
    await row.getByText(`billing, ${HOSTILE}`).waitFor()
    await page.getByText('models in eu alone, remembered for 30 days').waitFor()
    await axeClean(page, 'roster')
    expect({ complaints, foreign }).toEqual({ complaints: [], foreign: [] })
    await context.close()
  },
  120_000,
)
