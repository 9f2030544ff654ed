import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, noBrowser, signIn, type SignedIn } from './support/browser.ts'
import { DESKTOP, PHONE, readRoutes } from './support/routes.ts'
import { seededWorkspace, type Seeded } from './support/seeded.ts'

if (noBrowser !== undefined && process.env['CI'] !== undefined) throw new Error(noBrowser)

describe.skipIf(noBrowser !== undefined)(
  `every route on one incident${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`,
  () => {
    let seeded: Seeded
    let browser: Browser
    let signedIn: SignedIn

    beforeAll(async () => {
      ;[seeded, browser] = await Promise.all([seededWorkspace(), launchBrowser()])
      signedIn = await signIn(browser, seeded.workspace)
      signedIn.context.setDefaultTimeout(120_000)
    }, 600_000)
    afterAll(async () => {
      await browser?.close()
      await seeded?.[Symbol.asyncDispose]()
    })

    test('every route is clean to axe and within its width: light on a desk', { timeout: 1_200_000 }, async () => {
      const sight = { name: 'desk-light', scheme: 'light', ...DESKTOP } as const
      await readRoutes(signedIn.page, seeded.workspace.http, { sight, ids: seeded.ids })
    })

    test('every route is clean to axe and within its width: dark on a phone', { timeout: 1_200_000 }, async () => {
      const sight = { name: 'phone-dark', scheme: 'dark', ...PHONE } as const
      await readRoutes(signedIn.page, seeded.workspace.http, { sight, ids: seeded.ids })
    })

    test('no page failed, and none asked another host for anything', () => {
      expect(signedIn.complaints).toEqual([])
      expect(signedIn.foreign).toEqual([])
    })
  },
)
