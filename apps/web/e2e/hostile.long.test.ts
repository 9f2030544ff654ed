import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { GATHERED_TEXTS, gatheredConversation, GATHERING, hostileGathering, hostilePayloads } from '@holdfast/testkit'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { paths } from '../src/paths.ts'
import { launchBrowser, noBrowser, signIn, type SignedIn } from './support/browser.ts'
import { expectInert, filled, settled } from './support/inert-page.ts'
import { post, read, send, startWorkspace, type Workspace } from './support/server.ts'

/** Environment variables repeat what failed, or make it smaller. */
const seed = Number(process.env['HOLDFAST_SEED'] ?? 1)
const count = Number(process.env['HOLDFAST_HOSTILE_COUNT'] ?? 5_000)
const texts = hostilePayloads({ seed, count }).map(({ text }) => text)
const chunks = Math.ceil(count / GATHERED_TEXTS)
/** Nothing is asserted of speed: this ends what hangs. */
const LONG = { timeout: 3_600_000 }
const agentsSchema = z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) })
const incidentsSchema = z.object({ items: z.array(z.object({ id: z.string() })), waiting: z.int() })

if (noBrowser !== undefined && process.env['CI'] !== undefined) throw new Error(noBrowser)

describe.skipIf(noBrowser !== undefined)(
  `${count} hostile texts in the workspace${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}, seed ${seed}`,
  () => {
    let workspace: Workspace
    let browser: Browser
    let signedIn: SignedIn
    let agent = ''
    let incidents: readonly string[] = []

    beforeAll(async () => {
      ;[workspace, browser] = await Promise.all([startWorkspace(), launchBrowser()])
      signedIn = await signIn(browser, workspace)
      signedIn.context.setDefaultTimeout(600_000)
      for (const request of hostileGathering(texts)) await post(workspace, request)
      await send(workspace, { resourceSpans: [] })
      const { items } = agentsSchema.parse(await read(workspace, '/api/v1/agents?limit=1000'))
      agent = items.find(({ name }) => name === GATHERING)?.id ?? expect.fail('the agent of all texts is not there')
      incidents = await judged()
    }, 3_600_000)
    afterAll(async () => {
      await browser?.close()
      await workspace?.[Symbol.asyncDispose]()
    })

    test('every route about the agent of all texts shows them as text and fetches nothing', LONG, async () => {
      const ids = { agent, conversation: gatheredConversation(0), incident: incidents[0] ?? '' }
      for (const [index, route] of Object.values(paths).entries())
        await look(filled(route, ids, texts[(index * 11) % texts.length] ?? ''))
      expect(signedIn.foreign).toEqual([])
    })

    test('every conversation and every incident, a hundred texts each', LONG, async () => {
      for (let index = 0; index < chunks; index += 1)
        await look(filled(paths.conversation, { conversation: gatheredConversation(index) }, ''))
      for (const incident of incidents) await look(filled(paths.incident, { incident }, ''))
      expect(signedIn.foreign).toEqual([])
    })

    test('a report opened as a file of its own runs and fetches nothing either', LONG, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'holdfast-report-'))
      const file = join(folder, 'report.html')
      const page = await signedIn.context.newPage()
      try {
        for (const incident of incidents) {
          writeFileSync(file, await reportOf(incident))
          const asked: string[] = []
          const note = (request: { url: () => string }): void => void asked.push(request.url())
          page.on('request', note)
          await page.goto(pathToFileURL(file).href)
          page.off('request', note)
          expect([incident, asked]).toEqual([incident, [pathToFileURL(file).href]])
          expect(await page.evaluate(() => '__ran' in window)).toBe(false)
        }
      } finally {
        await page.close()
        await rm(folder, { recursive: true, force: true })
      }
    })

    test('no page broke the content security policy, and none failed', () => {
      expect(signedIn.foreign.filter((url) => !url.startsWith('file:'))).toEqual([])
      expect(signedIn.complaints.filter((text) => !/status of 40[0-9]|ApiError: /.test(text))).toEqual([])
    })

    async function look(path: string): Promise<void> {
      await signedIn.page.goto(workspace.http + path)
      await settled(signedIn.page)
      await expectInert(signedIn.page, path)
    }

    async function reportOf(incident: string): Promise<string> {
      const { http, token } = workspace
      const path = `/api/v1/incidents/${encodeURIComponent(incident)}/report.html`
      const answer = await fetch(http + path, { headers: { authorization: `Bearer ${token}` } })
      expect([path, answer.status]).toEqual([path, 200])
      return answer.text()
    }

    /** Once every case was read; the server is asked again until then. */
    async function judged(): Promise<readonly string[]> {
      for (;;) {
        const { items, waiting } = incidentsSchema.parse(await read(workspace, '/api/v1/incidents?limit=500'))
        if (waiting === 0 && items.length > 0) return items.map(({ id }) => id)
      }
    }
  },
)
