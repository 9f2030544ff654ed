import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startIdentityProvider, type TestIdentityProvider } from '@holdfast/testkit'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeClean } from './support/axe.ts'
import { launchBrowser, noBrowser } from './support/browser.ts'
import { startWorkspace } from './support/server.ts'

let browser: Browser

beforeAll(async () => {
  if (noBrowser === undefined) browser = await launchBrowser()
})
afterAll(() => browser?.close())

const PEOPLE = {
  ann: { email: 'ann@corp.test', email_verified: true, groups: ['soc'] },
  sal: { email: 'sal@corp.test', email_verified: true, groups: ['<b onclick=alert(1)>sales</b>'] },
}

/** `connectors.yaml` of a server that lets the group `soc` of the provider in. */
function configFor(folder: string, { issuer, clientId, clientSecret }: TestIdentityProvider): string {
  const [secret, file] = [join(folder, 'secret'), join(folder, 'connectors.yaml')]
  writeFileSync(secret, clientSecret)
  writeFileSync(
    file,
    `sign-in:
  issuer: ${issuer}
  client-id: ${clientId}
  client-secret: { file: ${secret} }
  allow: [127.0.0.1]
  roles: [{ value: soc, role: responder, as: [compliance] }]
`,
  )
  return file
}

/** From the sign-in page to the provider's page, and back from there. */
async function signInAs(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: /^Sign in with/ }).click()
  await page.getByLabel('Name').fill(name)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Without its cookie a page that is gone to is the sign-in page in the frame that stays, which goes on saying that the session is over. */
async function staysEnded(page: Page): Promise<void> {
  const cookies = await page.context().cookies()
  await page.context().clearCookies()
  await page.getByRole('navigation', { name: 'Workspace' }).getByRole('link', { name: 'Incidents' }).click()
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
  await page.getByRole('link', { name: /^Sign in with/ }).waitFor()
  expect(await page.getByRole('alert').filter({ hasText: 'This session has ended' }).count()).toBe(1)
  expect(await page.getByRole('main').count()).toBe(1)
  await page.context().addCookies(cookies)
  await page.getByRole('button', { name: 'I have signed in: try again' }).click()
  await page.getByRole('heading', { level: 1, name: 'Incidents' }).waitFor()
}

test.skipIf(noBrowser !== undefined)(
  `somebody signs in with the identity provider, is told why not, lands where they wanted to be and signs out${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-web-sign-in-'))
    try {
      await using provider = await startIdentityProvider({ people: PEOPLE })
      // Another name than the provider's: to a browser these are two sites.
      const flags = ['--host', 'localhost', '--connectors', configFor(folder, provider)]
      await using workspace = await startWorkspace({ flags })
      const { host } = new URL(provider.issuer)
      const open = async (path: string): Promise<Page> => {
        const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } })
        const page = await context.newPage()
        await page.goto(workspace.http + path)
        await page.getByRole('link', { name: `Sign in with ${host}` }).waitFor()
        return page
      }
      // The provider answers nothing yet: one is told so, and links still work.
      const early = await open('/')
      await early.getByRole('link', { name: /^Sign in with/ }).click()
      await early.getByRole('alert').filter({ hasText: 'The identity provider does not answer' }).waitFor()
      await axeClean(early, 'sign-in')
      await early.goto(workspace.signInUrl)
      await early.getByRole('button', { name: 'Session' }).waitFor()
      await early.context().close()

      provider.trust(`${workspace.http}/sign-in/provider/callback`)
      const stranger = await open('/')
      await signInAs(stranger, 'sal')
      await stranger.getByRole('alert').filter({ hasText: 'no group of yours has a role here' }).waitFor()
      expect(await stranger.context().cookies(workspace.http)).toEqual([])
      await stranger.context().close()

      const page = await open('/integrity?entry=1')
      await signInAs(page, 'ann')
      await page.waitForURL(`${workspace.http}/integrity?entry=1`)
      const session = (await page.context().cookies(workspace.http)).find(({ name }) => name === 'holdfast_session')
      expect(session).toMatchObject({ httpOnly: true, sameSite: 'Strict' })
      await page.getByRole('button', { name: 'Session' }).click()
      const dialog = page.getByRole('dialog', { name: 'Signed in as ann@corp.test' })
      await dialog.getByText('responder, approves as analyst and on-call and compliance').waitFor()
      await axeClean(page, 'session')
      await dialog.getByRole('button', { name: 'Close' }).click()
      await staysEnded(page)
      await page.getByRole('button', { name: 'Session' }).click()
      await dialog.getByRole('button', { name: 'Sign out' }).click()
      await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
      await page.context().close()
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
  120_000,
)
