import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, noBrowser, signIn, type SignedIn } from './support/browser.ts'
import { PERSONAS, playStory } from './support/personas.ts'
import { seededWorkspace, type Seeded } from './support/seeded.ts'

if (noBrowser !== undefined && process.env['CI'] !== undefined) throw new Error(noBrowser)

describe.skipIf(noBrowser !== undefined)(
  `what people come for, from the first page${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`,
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

    test.each(PERSONAS)('$name, in at most $clicks clicks', async (story) => {
      const seconds = await playStory(signedIn.page, seeded.workspace.http, story)
      process.stdout.write(`${story.name}: ${seconds.toFixed(1)} s (budget: ${story.budget})\n`)
    })

    test('no page failed, and none asked another host for anything', () => {
      expect(signedIn.complaints).toEqual([])
      expect(signedIn.foreign).toEqual([])
    })
  },
)
