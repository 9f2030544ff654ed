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
  // Of WCAG 2.2, and off unless it is asked for.
  all: { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } },
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
    return found.violations.flatMap(({ id, impact, nodes }) => {
      // Where a mark of the strip of time stands is what it says; the timeline holds each as a row (2.5.8, essential).
      const counted = id === 'target-size' ? nodes.filter(({ html }) => !html.includes('class="strip-mark')) : nodes
      return counted.length === 0
        ? []
        : [{ id: `${id} (${impact ?? 'no impact given'})`, nodes: counted.map(({ html }) => html.slice(0, 160)) }]
    })
  }, OPTIONS[judged])
  return violations.map(({ id, nodes }) => `${name}: ${id} ${nodes.join(' | ')}`)
}
