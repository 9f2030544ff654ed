import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, noBrowser, signIn, type SignedIn } from './support/browser.ts'
import { readDocuments } from './support/documents.ts'
import { PERSONAS, playStory, type Stage } from './support/personas.ts'
import { poison, startSession } from './support/poisoned.ts'
import { seededWorkspace, type Seeded } from './support/seeded.ts'

if (noBrowser !== undefined && process.env['CI'] !== undefined) throw new Error(noBrowser)

describe.skipIf(noBrowser !== undefined)(
  `what people come for, from the first page${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`,
  () => {
    let seeded: Seeded
    let browser: Browser
    let signedIn: SignedIn
    let stage: Stage

    beforeAll(async () => {
      ;[seeded, browser] = await Promise.all([seededWorkspace(), launchBrowser()])
      const { workspace } = seeded
      await poison(workspace)
      await readDocuments(workspace)
      stage = { origin: workspace.http, session: await startSession(workspace) }
      signedIn = await signIn(browser, workspace)
      signedIn.context.setDefaultTimeout(120_000)
    }, 600_000)
    afterAll(async () => {
      await browser?.close()
      await stage?.session[Symbol.asyncDispose]()
      await seeded?.[Symbol.asyncDispose]()
    })

    test.each(PERSONAS)('$name, in at most $clicks clicks', async (story) => {
      const { seconds, acts } = await playStory(signedIn.page, stage, { story, hand: 'mouse' })
      process.stdout.write(`${story.name}: ${acts} clicks, ${seconds.toFixed(1)} s (budget: ${story.budget})\n`)
    })

    test.each(PERSONAS)('$name, by keyboard alone, and the focus is seen at every key', async (story) => {
      const { seconds, acts } = await playStory(signedIn.page, stage, { story, hand: 'keyboard' })
      process.stdout.write(`${story.name}: ${acts} keys, ${seconds.toFixed(1)} s (budget: ${story.budget})\n`)
    })

    test('no page failed, and none asked another host for anything', () => {
      expect(signedIn.complaints).toEqual([])
      expect(signedIn.foreign).toEqual([])
    })
  },
)
