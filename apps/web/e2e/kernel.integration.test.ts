import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { axeClean } from './support/axe.ts'
import { launchBrowser, noBrowser, signIn, type SignedIn } from './support/browser.ts'
import { order, read, startRun, startWorkspace, type Run, type Workspace } from './support/server.ts'

const AGENT = fileURLToPath(new URL('support/claiming-agent.ts', import.meta.url))
const isRoot = process.getuid?.() === 0 && process.platform === 'linux'
const reason = noBrowser ?? (isRoot ? undefined : 'the kernel sensor needs root')

describe.skipIf(reason !== undefined)(
  `an agent under the kernel sensor${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-claims-'))
    let workspace: Workspace
    let browser: Browser
    let run: Run
    let signedIn: SignedIn

    beforeAll(async () => {
      ;[workspace, browser] = await Promise.all([startWorkspace({ hasSensor: true }), launchBrowser()])
      await until(workspace, '/api/v1/sensors', (text) => text.includes('"state":"connected"'))
      run = startRun(workspace, 'claiming-agent', [process.execPath, '--conditions=@holdfast/source', AGENT, folder])
      await until(workspace, '/api/v1/conversations', (text) => text.includes('"toolCalls":1'))
      await until(workspace, '/api/v1/conversations/claims/graph', (text) => text.includes('different-effect'))
      signedIn = await signIn(browser, { signInUrl: workspace.signInUrl })
    })
    afterAll(async () => {
      run?.end()
      await run?.ended
      await browser?.close()
      await workspace?.[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    })

    test('a claim that the kernel contradicts stands on the page, and both sides lead to their step', async () => {
      const { page } = signedIn
      await page.goto(`${workspace.http}/conversations/claims`)
      const strip = page.getByRole('region', { name: 'Contradictions' })
      await strip.getByText('another effect than the call claims').waitFor()
      expect(await strip.innerText()).toContain(
        `write_file claims ${folder}/report.txt; the kernel saw write ${folder}/other.txt`,
      )
      const pane = page.getByRole('complementary', { name: 'Selected step' })
      await strip.getByRole('button', { name: 'told' }).click()
      await pane.getByText(`${folder}/report.txt`).first().waitFor()
      await strip.getByRole('button', { name: 'seen' }).click()
      await pane.getByText(`${folder}/other.txt`).first().waitFor()
    })

    test('what the agent itself did under no span is its own group, with counts, in every view', async () => {
      const { page } = signedIn
      const { items } = conversationsSchema.parse(await read(workspace, '/api/v1/conversations'))
      const own = items.find(({ id }) => id !== 'claims')
      await page.goto(`${workspace.http}/conversations/${encodeURIComponent(own?.id ?? '')}`)
      const group = page.getByRole('region', { name: 'Seen by the kernel, not joined to any prompt' })
      await group.getByText(/\d+ process/).waitFor()
      await group.getByRole('button', { name: 'show only these' }).click()
      await page.getByText(/that the kernel saw, joined to no prompt/).waitFor()
      await page.getByRole('treegrid').getByText(`write ${folder}/own.log`).waitFor()
      expect(await page.getByRole('treegrid').getByText(`${folder}/other.txt`).count()).toBe(0)
    })

    test('the page of the agent says what is seen of it, and what the kernel saw', async () => {
      const { page } = signedIn
      await openTab(page, workspace, 'Kernel')
      await page
        .getByRole('region', { name: 'What is seen' })
        .getByText(/Watched now, in 1 cgroup/)
        .waitFor()
      await page.getByRole('region', { name: 'Files' }).getByText(`write ${folder}/own.log`).waitFor()
    })

    test('a containment stands on the page with rung, end, who, why and probes, and its release too', async () => {
      const { page } = signedIn
      await openTab(page, workspace, 'Containment')
      await page.getByText('Never contained').waitFor()
      const why = 'it writes another file than it says'
      const asked = { target: 'claiming-agent', rung: 'soft-quarantine', reason: why, ttlMs: 600_000, allow: [] }
      const held = containmentSchema.parse(await order(workspace, '/api/v1/containments', asked))
      await page.reload()
      await page.getByRole('link', { name: /soft-quarantine confirmed until \d{4}-/ }).waitFor()
      const one = page.getByRole('article', { name: 'soft-quarantine confirmed' })
      await one.getByText(/\d+ probes, all held/).click()
      const text = await one.innerText()
      expect(text).toContain(why)
      for (const step of ['requested', 'applied', 'confirmed']) expect(text).toContain(step)
      await axeClean(page, 'agent that is held')
      await page.getByText(/contain release .* --reason TEXT --yes/).waitFor()

      await order(workspace, `/api/v1/containments/${held.containment}/release`, { reason: 'looked at' })
      await page.reload()
      await page.getByText('Not held now.').waitFor()
      expect(await page.getByRole('article', { name: 'soft-quarantine released' }).innerText()).toContain('looked at')
      expect(signedIn.complaints).toEqual([])
    })
  },
)

const conversationsSchema = z.object({ items: z.array(z.object({ id: z.string() })) })
const containmentSchema = z.object({ containment: z.string() })

/** Opens a tab of the watched agent from the list of agents. */
async function openTab(page: Page, workspace: Workspace, name: string): Promise<void> {
  await page.goto(workspace.http)
  await page.getByRole('row', { name: /claiming-agent/ }).click()
  await page.getByRole('navigation', { name: 'About this agent' }).getByRole('link', { name }).click()
}

/** Asks until the answer says so; the server's own word, and not a clock. */
async function until(workspace: Workspace, path: string, isMet: (text: string) => boolean): Promise<void> {
  for (;;) {
    const text = await read(workspace, path).then(
      (answer) => JSON.stringify(answer),
      // Not there yet.
      () => '',
    )
    if (isMet(text)) return
  }
}
