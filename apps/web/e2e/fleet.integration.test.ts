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

const HOSTILE = '<img src=x onerror=alert(1)>'

test.skipIf(noBrowser !== undefined)(
  `the fleet leads from a tile or a count to the agents behind it, and the doctor says what an incident would miss${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`,
  async () => {
    await using workspace = await startWorkspace()
    const call = { name: 'get_ticket', id: 'call-1', args: '{"ticket":"T-1"}', result: 'open' }
    const spans = [
      { name: 'chat gpt-5-mini', attributes: chat('desk', { user: 'What is T-1?', answer: 'Open.' }) },
      { name: 'execute_tool get_ticket', attributes: toolCall('desk', call) },
    ]
    await send(workspace, traceRequest({ service: 'whole-desk', trace: 'whole', spans }))
    // As instrumentation sends it by default: a call, and none of its texts.
    const {
      'gen_ai.input.messages': _input,
      'gen_ai.output.messages': _output,
      ...attributes
    } = chat('mute', { user: '', answer: '' })
    const bare = { name: 'chat gpt-5-mini', attributes }
    await send(workspace, traceRequest({ service: HOSTILE, trace: 'bare', spans: [bare] }))

    const { page, context, complaints, foreign } = await signIn(browser, { signInUrl: workspace.signInUrl })
    await page.getByRole('navigation', { name: 'Workspace' }).getByRole('link', { name: 'Fleet' }).click()
    await page.getByRole('heading', { level: 1, name: /^2 agents/ }).waitFor({ timeout: 60_000 })
    const tiles = page.getByRole('region', { name: 'Agents by class and state' })
    await tiles.getByRole('link', { name: /whole-desk/ }).waitFor()
    await page.getByRole('region', { name: 'Blind spots' }).getByText('no kernel sensor is connected').waitFor()
    await page
      .getByRole('region', { name: 'Ingest' })
      .getByRole('img', { name: /records in 24 hours/ })
      .waitFor()
    await axeClean(page, 'fleet')

    await page
      .getByRole('navigation', { name: 'Agents by state' })
      .getByRole('link', { name: /own word only/ })
      .click()
    expect(new URL(page.url()).searchParams.get('mark')).toBe('own-word')
    const grid = page.getByRole('grid', { name: 'Agents of the fleet' })
    await grid.getByText('whole-desk', { exact: true }).waitFor()
    await grid.getByText(HOSTILE, { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Back to the picture' }).click()
    await tiles.getByRole('link', { name: /whole-desk/ }).waitFor()

    await page.getByRole('link', { name: 'Doctor' }).first().click()
    const evidence = page.getByRole('region', { name: 'Evidence if an incident happened now' })
    await evidence
      .getByRole('row', { name: /onerror/ })
      .getByText('missing')
      .first()
      .waitFor({ timeout: 60_000 })
    await evidence.getByRole('button', { name: /what .*onerror.* would miss/ }).click()
    await evidence
      .getByText(/OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT/)
      .first()
      .waitFor()
    await page.getByRole('region', { name: 'Log and disk' }).getByText('disk runway').waitFor()
    await axeClean(page, 'doctor')
    expect(complaints).toEqual([])
    expect(foreign).toEqual([])
    await context.close()

    const open = await fetch(`${workspace.http}/readyz?verbose`)
    const told = await open.text()
    expect(JSON.parse(told)).toMatchObject({
      ready: true,
      doctor: { counts: {}, artifacts: { of: expect.any(Number) } },
    })
    expect(told).not.toContain('whole-desk')
    const metrics = await fetch(`${workspace.http}/metrics`, {
      headers: { authorization: `Bearer ${workspace.token}` },
    })
    expect(await metrics.text()).toMatch(/holdfast_doctor_checks\{status="WARN"\} \d+/)
  },
)
