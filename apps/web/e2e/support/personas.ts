import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { startSession } from './poisoned.ts'
import { runCli } from './server.ts'
import { byKeyboard, byMouse, type Steps } from './steps.ts'

/** What of the world a story acts on, beside the pages. */
export type Stage = {
  readonly origin: string
  /** An agent at work, through a proxy that can hold it. */
  readonly session: Awaited<ReturnType<typeof startSession>>
}

/** A story of one person, with what it may cost. */
type Persona = {
  readonly name: string
  /** Clicks from the first page to the answer, the last one included; a field that is typed into is one. */
  readonly clicks: number
  /** Said beside the time that it took; never asserted, for it is that of whoever reads. */
  readonly budget: string
  /** By keyboard too it takes a few seconds. */
  readonly isShort: boolean
  readonly play: (steps: Steps, stage: Stage) => Promise<void>
}

/** What each who uses the workspace comes for, from the first page, by role and label alone. */
export const PERSONAS: readonly Persona[] = [
  {
    name: 'a responder reads what set it off, its type, and what the least act would stop',
    clicks: 2,
    budget: '10 s',
    isShort: true,
    async play({ page, go, open }) {
      await go('Incidents')
      await open(page.getByRole('row', { name: /export\.write/ }))
      const header = page.getByRole('definition')
      await header.filter({ hasText: 'Query all 24 pages' }).first().waitFor()
      await header.filter({ hasText: 'Reasoning compromise' }).first().waitFor()
      await page.getByRole('radio', { name: /R2/, checked: true }).waitFor()
    },
  },
  {
    name: 'a responder holds an agent by an approved plan, sees it confirmed, and lets go again',
    clicks: 7,
    budget: '60 s to a contained, reversible state',
    isShort: false,
    play: holdAndRelease,
  },
  {
    name: 'a responder names the type, for a reason',
    clicks: 4,
    budget: '5 min to a named type',
    isShort: false,
    async play({ page, go, open, press, write }) {
      await go('Incidents')
      await open(page.getByRole('row', { name: /send_mail/ }))
      const form = page.getByRole('form', { name: 'Name the type' })
      await write(form.getByLabel('Why'), 'the report carried the order')
      await press(form.getByRole('button', { name: 'Name the type' }))
      await form.getByText('the type is named').waitFor()
    },
  },
  {
    name: 'a platform engineer goes from a line of a policy to what it was observed on',
    clicks: 3,
    budget: '60 s',
    isShort: true,
    async play({ page, go, press }) {
      await go('Policies')
      await press(page.getByRole('link', { name: /^network-policy/ }).first())
      await page.getByText('What it cannot see or stop').waitFor()
      await press(page.getByRole('button', { name: /^\d+ seen$/ }).first())
      await first(page.getByRole('link', { name: /^#\d+$/ })).waitFor()
    },
  },
  {
    name: 'a platform engineer tries policies on recorded days, has them watched, and takes them back',
    clicks: 7,
    budget: 'a dry run before any write',
    isShort: false,
    play: tryAndUndo,
  },
  {
    name: 'an AI engineer goes from the id of a document to every execution that read it, who changed it, and what else came from there',
    clicks: 3,
    budget: 'one link from a document id to every execution that read it',
    isShort: true,
    play: readersOfDocument,
  },
  {
    name: 'an AI engineer goes from the name of a tool to every execution that was told of it, and to the one it is about',
    clicks: 3,
    budget: 'one link from a tool description to every execution that read it',
    isShort: false,
    play: readersOfTool,
  },
  {
    name: 'an auditor has the five questions at once, and each is one click from what was looked at',
    clicks: 6,
    budget: 'one click each',
    isShort: false,
    async play({ page, go, press }) {
      await go('Diagnostic')
      const tiles = page.getByRole('region', { name: 'Five questions' })
      for (const question of ['Q1', 'Q2', 'Q3', 'Q4', 'Q5']) {
        const tile = tiles.getByRole('article', { name: question, exact: true })
        await press(tile.getByRole('link', { name: 'What was looked at' }))
        await page.getByRole('article', { name: `${question} in full` }).waitFor()
      }
    },
  },
  {
    name: 'an auditor takes the row of an incident along and verifies it without the server',
    clicks: 3,
    budget: 'five minutes to a verified pack',
    isShort: false,
    play: takePack,
  },
]

async function holdAndRelease({ page, go, open, press, write }: Steps, { session }: Stage): Promise<void> {
  expect(await session.lookup()).toContain('the lamp is broken')
  await go('Incidents')
  await open(page.getByRole('row', { name: /send_mail/ }))
  const respond = page.getByRole('region', { name: 'Respond' })
  await press(respond.getByRole('button', { name: /^(Make a plan|Plan anew)/ }))
  await press(respond.getByRole('button', { name: 'Approve as on-call' }))
  await respond.getByText(/yes as on-call by/).waitFor()
  await press(respond.getByRole('button', { name: 'Apply' }))
  await first(respond.getByText(/probes found it held/)).waitFor()
  expect(await session.lookup()).toContain('is held: the channel is closed')
  await write(respond.getByLabel('Why it is released'), 'it was a drill')
  await press(respond.getByRole('button', { name: 'Release' }))
  await respond.getByText('it was taken back').waitFor()
  expect(await session.lookup()).toContain('the lamp is broken')
}

async function tryAndUndo({ page, go, press, write }: Steps): Promise<void> {
  await go('Policies')
  const agents = page.getByRole('table', { name: 'Agents and their stages' })
  await press(agents.getByRole('link', { name: 'ticket-agent' }))
  await press(page.getByRole('button', { name: 'What would they have stopped?' }))
  await page.getByText(/\d+ denied/).waitFor()
  const state = page.getByRole('table', { name: 'Policies' }).getByRole('row', { name: /^network-policy/ })
  await state.getByText('proposed').waitFor()
  await write(page.getByRole('form', { name: 'Watch' }).getByLabel('Why'), 'to see what it would stop')
  await press(page.getByRole('button', { name: 'Watch class support' }))
  await state.getByText('monitor').waitFor()
  await write(page.getByRole('form', { name: 'Take back' }).getByLabel('Why'), 'seen enough')
  await press(page.getByRole('button', { name: 'Take back' }))
  await state.getByText('proposed').waitFor()
}

async function readersOfDocument({ page, look, open }: Steps): Promise<void> {
  await look('q3-sales-report', /^document/)
  await page.getByRole('heading', { level: 1, name: 'Document q3-sales-report' }).waitFor()
  await page.getByText('Read by 3 executions of 3 agents').waitFor()
  const readers = page.getByRole('region', { name: 'Executions that read it' })
  for (const execution of [/which-supplier.*v7/, /sales-in-july.*v7/, /sales-in-june.*v6/])
    await readers.getByRole('row', { name: execution }).waitFor()
  const changed = page.getByRole('region', { name: 'Who changed it' })
  await changed.getByText('contributor-77').waitFor()
  await changed.getByText('CHG-7190').waitFor()
  const siblings = page.getByRole('region', { name: 'What else came from there' })
  await siblings.getByRole('link', { name: 'q2-sales-report' }).waitFor()
  await open(readers.getByRole('row', { name: /sales-in-june/ }))
  await page.getByRole('complementary', { name: 'Selected step' }).getByText('v6').waitFor()
}

async function readersOfTool({ page, look, open }: Steps): Promise<void> {
  await look('export.write', /^tool/)
  await page.getByText(/Told to or called by \d+ executions of 1 agent/).waitFor()
  await first(page.getByRole('region', { name: 'Who changed it' }).getByText('added')).waitFor()
  await page
    .getByRole('region', { name: 'What else came from there' })
    .getByRole('link', { name: 'crm.query' })
    .waitFor()
  await open(first(page.getByRole('grid', { name: 'Executions' }).getByRole('row', { name: /ticket-agent/ })))
  await page
    .getByRole('complementary', { name: 'Selected step' })
    .getByRole('heading', { name: 'export.write', exact: true })
    .waitFor()
}

async function takePack({ page, go, open, press }: Steps): Promise<void> {
  await go('Audit')
  await open(page.getByRole('row', { name: /export\.write/ }))
  await page.getByRole('region', { name: 'Proof' }).first().waitFor()
  const saved = page.waitForEvent('download')
  await press(page.getByRole('button', { name: 'Export pack' }))
  const pack = await (await saved).path()
  // Of the server it knows nothing: neither where it is nor how to sign in to it.
  const { code, said } = await runCli(['audit', 'verify', pack, '--json'])
  expect(JSON.parse(said)).toMatchObject({ ok: true, problems: [], kind: 'pack' })
  expect(code).toBe(0)
}

function first(target: Locator): Locator {
  return target.first()
}

type Played = {
  readonly hand: 'mouse' | 'keyboard'
  readonly seconds: number
  /** Clicks, or keys. */
  readonly acts: number
}

/** The answers are left as pictures where those of the routes are. */
const SCREENSHOTS = join(import.meta.dirname, '..', 'screenshots')

/** Plays a story from the first page by mouse, within its clicks, or by keyboard alone. */
export async function playStory(
  page: Page,
  stage: Stage,
  { story, hand }: { readonly story: Persona; readonly hand: 'mouse' | 'keyboard' },
): Promise<Played> {
  await page.goto(stage.origin)
  await page.getByRole('heading', { level: 1, name: 'Agents' }).waitFor()
  const steps = hand === 'mouse' ? byMouse(page) : byKeyboard(page)
  const began = performance.now()
  await story.play(steps, stage)
  if (hand === 'mouse') expect(steps.count()).toBeLessThanOrEqual(story.clicks)
  const seconds = (performance.now() - began) / 1_000
  await page.screenshot({ path: join(SCREENSHOTS, `story-${story.name.replaceAll(/\W+/g, '-')}.png`) })
  return { hand, seconds, acts: steps.count() }
}

/** Says what a story took, beside what it may. */
export function printed({ name, clicks, budget }: Persona, { hand, acts, seconds }: Played): void {
  const took = hand === 'mouse' ? `${acts} clicks of ${clicks}` : `${acts} keys`
  process.stdout.write(`${name}: ${took}, ${seconds.toFixed(1)} s (budget: ${budget})\n`)
}
