import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hostileConversation, hostileIncident, hostilePayloads, hostileTraces } from '@holdfast/testkit'
import { isHiddenCharacter } from '@holdfast/model'
import { z } from 'zod'
import { paths } from '../src/paths.ts'
import { launchBrowser, noBrowser, signIn, type SignedIn } from './support/browser.ts'
import { copiedForms, expectInert, filled, settled } from './support/inert-page.ts'
import { post, read, send, startWorkspace, type Workspace } from './support/server.ts'

/** Printed where a test fails; an environment variable repeats it. */
const seed = Number(process.env['HOLDFAST_SEED'] ?? 8)
const texts = hostilePayloads({ seed, count: 60 }).map(({ text }) => text)
const agentsSchema = z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) })
const incidentsSchema = z.object({ items: z.array(z.object({ id: z.string() })) })

if (noBrowser !== undefined && process.env['CI'] !== undefined) throw new Error(noBrowser)

describe.skipIf(noBrowser !== undefined)(
  `hostile texts in the workspace${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}, seed ${seed}`,
  () => {
    let workspace: Workspace
    let browser: Browser
    let signedIn: SignedIn

    beforeAll(async () => {
      ;[workspace, browser] = await Promise.all([startWorkspace(), launchBrowser()])
      signedIn = await signIn(browser, workspace)
      for (const request of [...hostileTraces(texts), hostileIncident(texts[1] ?? '')]) await post(workspace, request)
      await send(workspace, { resourceSpans: [] })
    }, 240_000)
    afterAll(async () => {
      await browser?.close()
      await workspace?.[Symbol.asyncDispose]()
    })

    test('every route shows them as text, names what hides and fetches nothing', { timeout: 600_000 }, async () => {
      const { page } = signedIn
      const { items: agents } = agentsSchema.parse(await read(workspace, '/api/v1/agents?limit=100'))
      const incident = await firstIncident()
      expect(agents.length).toBeGreaterThan(texts.length / 2)
      const sources = [`${paths.source}?document=$document`, `${paths.source}?tool=$tool`]
      for (const [index, route] of [...Object.values(paths), ...sources].entries()) {
        const agent = agents[(index * 7) % agents.length]?.id ?? ''
        const text = texts[(index * 11) % texts.length] ?? ''
        const conversation = hostileConversation((index * 2) % texts.length)
        await page.goto(workspace.http + filled(route, { agent, conversation, incident }, text))
        await settled(page)
        await expectInert(page, route)
      }
      expect(signedIn.foreign).toEqual([])
    })

    test('what the copy buttons give holds no control character, and no captured text leaves its word', async () => {
      const { page } = signedIn
      const { items: agents } = agentsSchema.parse(await read(workspace, '/api/v1/agents?limit=100'))
      for (const { id } of agents.slice(0, 6)) {
        await page.goto(`${workspace.http}/agents/${encodeURIComponent(id)}/overview`)
        await settled(page)
        for (const [form, text] of Object.entries(await copiedForms(page)))
          expect([form, Array.from(text.replaceAll(/\r?\n/g, '')).filter(isHidden)]).toEqual([form, []])
      }
    })

    test('no page broke the content security policy, and none failed', () => {
      expect(signedIn.foreign).toEqual([])
      expect(signedIn.complaints.filter((text) => !/status of 40[0-9]|ApiError: /.test(text))).toEqual([])
    })

    async function firstIncident(): Promise<string> {
      for (;;) {
        const { items } = incidentsSchema.parse(await read(workspace, '/api/v1/incidents'))
        if (items[0] !== undefined) return items[0].id
      }
    }
  },
)

function isHidden(character: string): boolean {
  return isHiddenCharacter(character.codePointAt(0) ?? 0)
}
