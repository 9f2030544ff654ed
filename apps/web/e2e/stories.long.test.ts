import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noBrowser } from './support/browser.ts'
import { PERSONAS, playStory, printed } from './support/personas.ts'
import { router } from '../src/router.tsx'
import { filled, settled } from './support/inert-page.ts'
import { openStage } from './support/stage.ts'
import { tabThrough } from './support/steps.ts'

if (noBrowser !== undefined && process.env['CI'] !== undefined) throw new Error(noBrowser)

describe.skipIf(noBrowser !== undefined)(
  `what people come for, by keyboard alone${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`,
  () => {
    let opened: Awaited<ReturnType<typeof openStage>>

    beforeAll(async () => {
      opened = await openStage()
    }, 600_000)
    afterAll(() => opened?.[Symbol.asyncDispose]())

    test.each(PERSONAS)('$name, and the focus is seen at every key', { timeout: 600_000 }, async (story) => {
      const { signedIn, stage } = opened
      printed(story, await playStory(signedIn.page, stage, { story, hand: 'keyboard' }))
    })

    test('Tab goes through every page, and each stop is seen', { timeout: 1_200_000 }, async () => {
      const { signedIn, stage, ids } = opened
      for (const route of Object.keys(router.routesByPath)) {
        await signedIn.page.goto(stage.origin + filled(route, ids, ''))
        await settled(signedIn.page)
        await tabThrough(signedIn.page)
      }
    })

    test('no page failed, and none asked another host for anything', () => {
      expect(opened.signedIn.complaints).toEqual([])
      expect(opened.signedIn.foreign).toEqual([])
    })
  },
)
