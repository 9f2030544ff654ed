import { chat, spanIdOf, toolCall, traceRequest, type SpanSpec } from '@holdfast/testkit'
import type { Page } from 'playwright-core'
import { send, type Workspace } from './server.ts'

const BATCH = 1_000

/** The conversation that `sendLarge` makes. */
export const LARGE = 'large'

/** One conversation of so many records: model and tool calls by turns under one root, so that its graph has breadth and a chain. */
export async function sendLarge(workspace: Workspace, records: number): Promise<void> {
  const root = spanIdOf(LARGE, 0)
  for (let from = 0; from < records; from += BATCH) {
    const spans = Array.from({ length: Math.min(BATCH, records - from) }, (_, index) => spanAt(from + index, root))
    await send(workspace, traceRequest({ service: 'large-agent', trace: LARGE, spans, from }))
  }
}

function spanAt(place: number, root: string): SpanSpec {
  const parent = place === 0 ? {} : { parent: root }
  const told =
    place % 2 === 0
      ? { name: 'chat gpt-5-mini', attributes: chat(LARGE, { user: `question ${place}`, answer: `answer ${place}` }) }
      : {
          name: 'execute_tool lookup',
          attributes: toolCall(LARGE, {
            name: `lookup_${place % 40}`,
            id: `call_${place}`,
            args: `{"n":${place}}`,
            result: `{"r":${place}}`,
          }),
        }
  return { ...told, ...parent }
}

/** Goes to the last of the rows of a page's grid, as with the End of the scroll bar, and waits until it is there. */
export async function scrollToLastRow(page: Page): Promise<void> {
  const grid = page.getByRole('grid')
  const count = Number(await grid.getAttribute('aria-rowcount'))
  await grid.evaluate((box) => box.scrollTo(0, box.scrollHeight))
  await page.locator(`[role=row][aria-rowindex="${count}"] time`).waitFor({ timeout: 120_000 })
}
