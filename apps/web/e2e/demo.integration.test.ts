import type { DemoWire } from '@holdfast/api'
import { chat, traceRequest } from '@holdfast/testkit'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { axeClean } from './support/axe.ts'
import { launchBrowser, noBrowser, signIn, type SignedIn } from './support/browser.ts'
import { settled } from './support/inert-page.ts'
import { order, read, send, startWorkspace, type Workspace } from './support/server.ts'
import { noteShifts, shiftsOf } from './support/shifts.ts'

if (noBrowser !== undefined && process.env['CI'] !== undefined) throw new Error(noBrowser)

/** Waits as long as a busy machine may take, and no longer than a person would look. */
const SOON = { timeout: 60_000 }

describe.skipIf(noBrowser !== undefined)(
  `demo data${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`,
  () => {
    let workspace: Workspace
    let browser: Browser
    let signedIn: SignedIn
    let demo: DemoWire

    beforeAll(async () => {
      ;[workspace, browser] = await Promise.all([startWorkspace(), launchBrowser()])
      demo = (await order(workspace, '/api/v1/demo', { stories: ['sanctioned-bucket'] })) as DemoWire
      await sendChat(workspace, { service: 'ticket-agent', cluster: demo.stories[0]?.cluster ?? '' })
      signedIn = await signIn(browser, { signInUrl: workspace.signInUrl })
    })
    afterAll(async () => {
      await browser?.close()
      await workspace?.[Symbol.asyncDispose]()
    })

    const banner = (page: Page) => page.getByRole('complementary', { name: 'Demo data' })

    test('every page says that there is demo data, and how far its stories are while they are told', async () => {
      const { page } = signedIn
      await banner(page).getByText('0 of 1 story told').waitFor(SOON)
      await order(workspace, `/api/v1/demo/${demo.id}/stories/sanctioned-bucket`, {
        state: 'acting',
        detail: 'a ticket',
      })
      await banner(page).getByText('acting').waitFor(SOON)
      // One that was not told says why to whoever has no pointer to hover with, and what tells it again.
      await order(workspace, `/api/v1/demo/${demo.id}/stories/sanctioned-bucket`, {
        state: 'failed',
        detail: 'it is not judged',
      })
      const why = banner(page).getByText('failed', { exact: false }).first()
      await why.waitFor(SOON)
      await why.focus()
      await page.keyboard.press('Enter')
      await banner(page).getByText('it is not judged').waitFor(SOON)
      await banner(page).getByText('demo --only sanctioned-bucket').waitFor(SOON)
      await axeClean(page, 'a story that failed')
      await order(workspace, `/api/v1/demo/${demo.id}/stories/sanctioned-bucket`, {
        state: 'told',
        detail: 'it is told',
        ended: 'the sensor is off',
      })
      await banner(page)
        .getByText('ended with its story, since the sensor is off: its incident can be read, not held.')
        .waitFor(SOON)
      await banner(page).getByRole('link', { name: 'Sanctioned bucket' }).click()
      await page.waitForURL(`${workspace.http}/agents/*/drift`)
      // One that only chatted has no drift, and a browser tells of every answer that says so.
      await page.getByText('Nothing of this agent’s behaviour was observed yet').waitFor(SOON)
      expect(signedIn.complaints.splice(0)).toEqual([expect.stringMatching(/404 .*%2Fticket-agent\/drift$/v)])
      for (const path of ['/incidents', '/drift', '/integrity', '/search']) {
        await page.goto(workspace.http + path)
        await banner(page).waitFor(SOON)
      }
      await page.goto(workspace.http)
      await banner(page).getByText('Waiting for your first agent.').waitFor(SOON)
      await settled(page)
      await axeClean(page, 'agents under the demo banner')
    })

    test('with demo data alone the first-run page waits, and turns by itself when one’s own agent is heard', async () => {
      const { page } = signedIn
      await banner(page).getByRole('link', { name: 'Point one here' }).click()
      await page.getByRole('heading', { name: 'Waiting for your first agent' }).waitFor(SOON)
      expect(
        await page.getByRole('group', { name: 'environment for any OpenTelemetry program' }).innerText(),
      ).toContain(`OTEL_EXPORTER_OTLP_ENDPOINT=${workspace.otlpHttp}`)
      await axeClean(page, 'first run beside demo data')
      await sendChat(workspace, { service: 'my-agent' })
      await page.getByRole('heading', { name: 'Agents', exact: true }).waitFor(SOON)
      await page.getByRole('row').filter({ hasText: 'my-agent' }).waitFor(SOON)
      expect(await banner(page).getByText('Waiting for your first agent.').count()).toBe(0)
    })

    test('the strip of demo data stands before the page does, and moves nothing of it', async () => {
      const page = await signedIn.context.newPage()
      await noteShifts(page)
      for (const path of ['/', '/fleet', '/incidents', '/doctor']) {
        await page.goto(workspace.http + path)
        await banner(page).waitFor(SOON)
        await settled(page)
        expect((await shiftsOf(page)).filter(({ what }) => what.startsWith('MAIN'))).toEqual([])
      }
      await page.close()
    })

    test('a phone has one line of the strip, and what its top line has no room for behind one button', async () => {
      const page = await signedIn.context.newPage()
      await page.setViewportSize({ width: 390, height: 844 })
      await page.goto(`${workspace.http}/fleet`)
      await banner(page).waitFor(SOON)
      await settled(page)
      expect((await banner(page).boundingBox())?.height).toBeLessThan(48)
      const more = page.getByRole('banner').getByText('More', { exact: true })
      await more.click()
      await axeClean(page, 'the menu of the top line on a phone')
      await page.getByRole('button', { name: 'Session, and signing out' }).click()
      const session = page.getByRole('dialog', { name: "Signed in as the person with this machine's token" })
      await session.getByRole('button', { name: 'Close' }).click(SOON)
      // The menu went with what it led to, and whoever goes by keyboard is where they were.
      await page.waitForFunction(() => document.activeElement?.tagName === 'SUMMARY')
      expect(await page.getByRole('button', { name: 'Session, and signing out' }).count()).toBe(0)
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'Session, and signing out' }).waitFor(SOON)
      for (let entry = 0; entry < 3; entry++) await page.keyboard.press('Tab')
      await page.getByRole('button', { name: 'Session, and signing out' }).waitFor({ ...SOON, state: 'detached' })
      await page.close()
    })

    test('removing asks once, and then no list has anything of the demo and all of one’s own', async () => {
      const { page } = signedIn
      await page.getByRole('row').filter({ hasText: 'ticket-agent' }).waitFor(SOON)
      await banner(page).getByRole('button', { name: 'Remove' }).click()
      await page.getByText('its leaves stay in the log').waitFor(SOON)
      await banner(page).getByRole('button', { name: 'Keep' }).click()
      await banner(page).getByRole('button', { name: 'Remove' }).click()
      await banner(page).getByRole('button', { name: 'Remove demo data' }).click()
      await banner(page).waitFor({ ...SOON, state: 'detached' })
      await page
        .getByRole('row')
        .filter({ hasText: 'ticket-agent' })
        .waitFor({ ...SOON, state: 'detached' })
      await page.getByRole('row').filter({ hasText: 'my-agent' }).waitFor(SOON)
      await expect(read(workspace, '/api/v1/conversations/of-ticket-agent')).rejects.toThrow('404')
      expect(await read(workspace, '/api/v1/conversations/of-my-agent')).toMatchObject({ events: 1 })
      expect(await read(workspace, '/api/v1/demo')).toMatchObject({
        items: [],
        removed: [{ id: demo.id, agents: 1, entries: 1, keys: 1 }],
      })
      const complaints = [...signedIn.complaints]
      await page.goto(`${workspace.http}/incidents/inc-of-before`)
      await page.getByRole('heading', { name: 'No incident of this log any more' }).waitFor(SOON)
      await page.getByText('A demo was removed at').waitFor(SOON)
      await page.getByRole('main').getByRole('link', { name: 'Incidents' }).waitFor(SOON)
      expect(complaints).toEqual([])
      expect(signedIn.foreign).toEqual([])
    })
  },
)

async function sendChat(
  workspace: Workspace,
  { service, cluster }: { readonly service: string; readonly cluster?: string },
): Promise<void> {
  const spans = [{ name: 'chat', attributes: chat(`of-${service}`, { user: 'Hello', answer: 'Hello.' }) }]
  const where = cluster === undefined ? {} : { cluster }
  await send(workspace, traceRequest({ service, trace: service, spans, ...where }))
}
