import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noBrowser } from './support/browser.ts'
import { openAndClose } from './support/dialogs.ts'
import { settled } from './support/inert-page.ts'
import { PERSONAS, playStory, printed } from './support/personas.ts'
import { DESK_LIGHT, PHONE_ROOM, readRoutes } from './support/routes.ts'
import { openStage } from './support/stage.ts'

if (noBrowser !== undefined && process.env['CI'] !== undefined) throw new Error(noBrowser)

describe.skipIf(noBrowser !== undefined)(
  `what people come for, from the first page${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`,
  () => {
    let opened: Awaited<ReturnType<typeof openStage>>

    beforeAll(async () => {
      opened = await openStage()
    }, 600_000)
    afterAll(() => opened?.[Symbol.asyncDispose]())

    test.each(PERSONAS)('$name, in at most $clicks clicks', async (story) => {
      const { signedIn, stage } = opened
      printed(story, await playStory(signedIn.page, stage, { story, hand: 'mouse' }))
    })

    // The others of them are long, and stand in stories.long.test.ts.
    test.each(PERSONAS.filter(({ isShort }) => isShort))('$name, by keyboard alone', async (story) => {
      const { signedIn, stage } = opened
      printed(story, await playStory(signedIn.page, stage, { story, hand: 'keyboard' }))
    })

    test('what comes up over a page gives the focus back when it is closed', async () => {
      await openAndClose(opened.signedIn.page, opened.stage.origin)
    })

    test('an incident that is opened by an id of before has its own in the address, and says so', async () => {
      const { signedIn, stage, ids, formerIncident } = opened
      const { page } = signedIn
      await page.goto(`${stage.origin}/incidents/${formerIncident}?who=agent`)
      await page.waitForURL(`${stage.origin}/incidents/${ids.incident}?who=agent`)
      await page.getByRole('status').filter({ hasText: formerIncident }).waitFor()
    })

    test('every route answers, fits its window and is clean to axe', { timeout: 600_000 }, async () => {
      const { signedIn, stage, ids } = opened
      await readRoutes(signedIn.page, stage.origin, { sight: DESK_LIGHT, ids, isPictured: false })
    })

    test('every route answers and fits the window of a phone', { timeout: 600_000 }, async () => {
      const { signedIn, stage, ids } = opened
      await readRoutes(signedIn.page, stage.origin, { sight: PHONE_ROOM, ids, isPictured: false })
    })

    test('under the strip of demo data a phone shows both clocks and whether harm is possible, with room to spare', async () => {
      const { signedIn, stage, ids } = opened
      const { page } = signedIn
      await page.setViewportSize({ width: 390, height: 844 })
      await page.goto(`${stage.origin}/incidents/${ids.incident}`)
      await page.getByRole('complementary', { name: 'Demo data' }).waitFor()
      const owner = page.getByRole('button', { name: 'Take it' })
      const parts = [page.getByRole('region', { name: 'Clocks' }), page.getByText(/^Harm$/).locator('..'), owner]
      for (const part of parts) await part.waitFor()
      await settled(page)
      const bottoms = await Promise.all(
        parts.map(async (part) => {
          const box = await part.boundingBox()
          return (box?.y ?? Infinity) + (box?.height ?? Infinity)
        }),
      )
      const [clocks = Infinity, harm = Infinity, last = Infinity] = bottoms
      expect(clocks).toBeLessThan(harm)
      expect(harm).toBeLessThanOrEqual(600)
      expect(last).toBeLessThanOrEqual(844)
      await page.setViewportSize({ width: 1440, height: 900 })
    })

    test('what drifted last is seen on a phone without scrolling to it', async () => {
      const { signedIn, stage, ids } = opened
      const { page } = signedIn
      await page.setViewportSize({ width: 390, height: 844 })
      for (const [path, name] of [
        ['drift', 'Lanes by day'],
        ['baseline', /^Chart of/],
      ] as const) {
        await page.goto(`${stage.origin}/agents/${encodeURIComponent(ids.agent)}/${path}`)
        const picture = page.getByRole('region', { name })
        await picture.locator('svg').waitFor()
        expect([path, await picture.evaluate((box) => box.scrollWidth - box.clientWidth)]).toEqual([path, 0])
        // Letters are not shrunk with the picture.
        const high = await picture
          .locator('text')
          .evaluateAll((texts) => texts.map((text) => text.getBoundingClientRect().height))
        expect(Math.min(...high)).toBeGreaterThan(9)
      }
      // And conversations are read in a list, not through a slit above what stands beside them on a desk.
      await page.goto(`${stage.origin}/agents/${encodeURIComponent(ids.agent)}/overview`)
      const list = page.getByRole('grid', { name: 'Conversations' })
      await list.getByRole('row').nth(1).waitFor()
      expect((await list.boundingBox())?.height ?? 0).toBeGreaterThan(350)
      await page.setViewportSize({ width: 1440, height: 900 })
    })

    test('on paper a page is whole, and not what stood in its window', async () => {
      const { signedIn, stage, ids } = opened
      const { page } = signedIn
      await page.goto(`${stage.origin}/incidents/${ids.incident}`)
      await settled(page)
      await page.emulateMedia({ media: 'print' })
      const hidden = await page
        .locator('main > div')
        .evaluateAll((parts) => parts.map(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight))
      expect(await page.evaluate(() => document.documentElement.scrollHeight > 2 * innerHeight)).toBe(true)
      expect(Math.max(...hidden)).toBeLessThanOrEqual(1)
      // No line ends in dots, and nothing stands there to be pressed.
      const cut = await page
        .locator('h1, h1 *, main .truncate, main [class*="line-clamp"]')
        .evaluateAll((parts) =>
          parts
            .filter((part) => part.checkVisibility() && part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0)
            .map(({ textContent }) => textContent),
        )
      expect(cut).toEqual([])
      expect(await page.getByRole('navigation', { name: 'Workspace' }).isVisible()).toBe(false)
      expect(await page.locator('.button').filter({ visible: true }).count()).toBe(0)
      await page.emulateMedia({ media: 'screen' })
      expect(await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight)).toBe(true)
    })

    test('no page failed, and none asked another host for anything', () => {
      expect(opened.signedIn.complaints).toEqual([])
      expect(opened.signedIn.foreign).toEqual([])
    })
  },
)
