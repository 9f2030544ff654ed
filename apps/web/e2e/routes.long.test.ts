import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, noBrowser, signIn, type SignedIn } from './support/browser.ts'
import { FORMS, NARROW, readRoutes } from './support/routes.ts'
import { seededWorkspace, type Seeded } from './support/seeded.ts'

if (noBrowser !== undefined && process.env['CI'] !== undefined) throw new Error(noBrowser)

const LONG = { timeout: 1_200_000 }

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

    test.each(FORMS)('every route is clean to axe and fits its window: $name', LONG, async (sight) => {
      const { ids, workspace } = seeded
      await readRoutes(signedIn.page, workspace.http, { sight, ids, isPictured: true })
    })

    test.each(NARROW)('every route fits its window: $name, $width by $height', LONG, async (sight) => {
      const { ids, workspace } = seeded
      await readRoutes(signedIn.page, workspace.http, { sight, ids, isPictured: true })
    })

    test('no page failed, and none asked another host for anything', () => {
      expect(signedIn.complaints).toEqual([])
      expect(signedIn.foreign).toEqual([])
    })
  },
)
