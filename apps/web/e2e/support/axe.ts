import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What of a page axe judges; `colours` is what another scheme may change, where all else was judged before. */
export type Judged = 'all' | 'colours'

/** Only what is wrong is told: naming every node that passed takes most of the time, and nobody reads it. */
const OPTIONS: Readonly<Record<Judged, RunOptions>> = {
  all: { resultTypes: ['violations'] },
  colours: { resultTypes: ['violations'], runOnly: ['color-contrast', 'link-in-text-block'] },
}

/** Fails with what axe finds on the page as it stands; `name` says which page that is. */
export async function axeClean(page: Page, name: string): Promise<void> {
  expect(await axeFaults(page, name)).toEqual([])
}

/** What axe finds on the page as it stands, of any weight. The workspace has no frames, so its document is all of it. */
export async function axeFaults(page: Page, name: string, judged: Judged = 'all'): Promise<readonly string[]> {
  await page.evaluate(source)
  const violations = await page.evaluate(async (options) => {
    // Put there by the line before.
    const { axe } = window as unknown as { readonly axe: { run(options: RunOptions): Promise<AxeResults> } }
    const found = await axe.run(options)
    return found.violations.map(({ id, impact, nodes }) => ({
      id: `${id} (${impact ?? 'no impact given'})`,
      nodes: nodes.map(({ html }) => html.slice(0, 160)),
    }))
  }, OPTIONS[judged])
  return violations.map(({ id, nodes }) => `${name}: ${id} ${nodes.join(' | ')}`)
}
