import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'

const CHROMIUM = '/usr/bin/chromium'

/** Why no browser test can run here; undefined where it can. */
export const noBrowser = existsSync(CHROMIUM)
  ? undefined
  : `no browser at ${CHROMIUM}: install Debian's package chromium`

/** Debian's Chromium, told not to ring home: only the pages under test may make requests. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

export type SignedIn = {
  readonly context: BrowserContext
  readonly page: Page
  /** Addresses asked for that are not the server's. */
  readonly foreign: string[]
  /** What the pages reported: errors and refused policies. */
  readonly complaints: string[]
}

type SignInOptions = { readonly signInUrl: string; readonly colorScheme?: 'light' | 'dark' }

/** A context that is signed in, and that notes every foreign request and every complaint of its pages. */
export async function signIn(browser: Browser, { signInUrl, colorScheme = 'light' }: SignInOptions): Promise<SignedIn> {
  const context = await browser.newContext({ locale: 'en-US', colorScheme, viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  const { origin } = new URL(signInUrl)
  const foreign: string[] = []
  const complaints: string[] = []
  context.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith('blob:')) foreign.push(request.url())
  })
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`)
  })
  context.on('weberror', (error) => complaints.push(String(error.error())))
  await page.goto(signInUrl)
  await page.waitForURL(`${origin}/`)
  return { context, page, foreign, complaints }
}
