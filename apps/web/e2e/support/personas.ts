import { expect } from 'vitest'
import type { Page } from 'playwright-core'

/** A story of one person, with what it may cost. */
type Persona = {
  readonly name: string
  /** Clicks from the first page to the answer, the last one included. */
  readonly clicks: number
  /** Said beside the time that it took; never asserted, for it is that of whoever reads. */
  readonly budget: string
  readonly play: (step: Steps) => Promise<void>
}

/** What a person does; each act is counted. */
type Steps = { readonly page: Page; readonly click: (target: ReturnType<Page['getByRole']>) => Promise<void> }

/** What each who uses the workspace comes for, from the first page, by role and label alone. */
export const PERSONAS: readonly Persona[] = [
  {
    name: 'a responder reads what set it off, its type, and what the least act would stop',
    clicks: 2,
    budget: '10 s',
    async play({ page, click }) {
      await click(workspaceLink(page, 'Incidents'))
      await click(page.getByRole('row', { name: /Reasoning compromise/ }))
      const header = page.getByRole('definition')
      await header.filter({ hasText: 'Query all 24 pages' }).first().waitFor()
      await header.filter({ hasText: 'Reasoning compromise' }).first().waitFor()
      await page.getByRole('radio', { name: /R2/, checked: true }).waitFor()
    },
  },
  {
    name: 'a platform engineer goes from a line of a policy to what it was observed on',
    clicks: 3,
    budget: '60 s',
    async play({ page, click }) {
      await click(workspaceLink(page, 'Policies'))
      await click(page.getByRole('link', { name: /^network-policy/ }).first())
      await page.getByText('What it cannot see or stop').waitFor()
      await click(page.getByRole('button', { name: /^\d+ seen$/ }).first())
      await page
        .getByRole('link', { name: /^#\d+$/ })
        .first()
        .waitFor()
    },
  },
  {
    name: 'an auditor has the five questions at once, and each is one click from what was looked at',
    clicks: 6,
    budget: 'one click each',
    async play({ page, click }) {
      await click(workspaceLink(page, 'Diagnostic'))
      const tiles = page.getByRole('region', { name: 'Five questions' })
      for (const question of ['Q1', 'Q2', 'Q3', 'Q4', 'Q5']) {
        const tile = tiles.getByRole('article', { name: question, exact: true })
        await click(tile.getByRole('link', { name: 'What was looked at' }))
        await page.getByRole('article', { name: `${question} in full` }).waitFor()
      }
    },
  },
]

/** Plays a story from the first page; gives how long it took, in seconds. */
export async function playStory(page: Page, origin: string, story: Persona): Promise<number> {
  await page.goto(origin)
  await workspaceLink(page, 'Agents').waitFor()
  let clicks = 0
  const began = performance.now()
  const click: Steps['click'] = async (target) => {
    clicks++
    await target.click()
  }
  await story.play({ page, click })
  expect(clicks).toBeLessThanOrEqual(story.clicks)
  return (performance.now() - began) / 1_000
}

function workspaceLink(page: Page, name: string): ReturnType<Page['getByRole']> {
  return page.getByRole('navigation', { name: 'Workspace' }).getByRole('link', { name })
}
