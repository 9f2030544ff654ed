import type { Answer } from '@holdfast/api'
import type { HostileSweep } from './hostile-sweep.ts'

/** How many texts are asked for at once. */
const AT_ONCE = 16
/** The largest window of one text that the API answers: no text of a sweep is longer, also where JSON holds it four times. */
const WHOLE = 262_144

/** What each slot of content of all events of the agent holds, read back as a client reads it. */
export async function keptTexts(sweep: HostileSweep, agent: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const kept = new Map<string, Set<string>>()
  for await (const items of eventsOf(sweep, agent)) {
    const asked = items.flatMap(({ id, kind, contents }) =>
      contents.map(({ slot }) => ({ id, of: `${kind} ${slot}`, slot })),
    )
    for (let from = 0; from < asked.length; from += AT_ONCE)
      await Promise.all(
        asked.slice(from, from + AT_ONCE).map(async ({ id, of, slot }) => {
          const path = `/api/v1/events/${encodeURIComponent(id)}/content/${encodeURIComponent(slot)}?limit=${WHOLE}`
          const { text } = await sweep.get<Answer<'getContent'>>(path)
          if (text !== undefined) kept.set(of, (kept.get(of) ?? new Set()).add(text))
        }),
      )
  }
  return kept
}

async function* eventsOf(sweep: HostileSweep, agent: string): AsyncGenerator<Answer<'listEvents'>['items']> {
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const at: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const path = `/api/v1/events?limit=1000&agent=${encodeURIComponent(agent)}${at}`
    const page: Answer<'listEvents'> = await sweep.get<Answer<'listEvents'>>(path)
    yield page.items
    cursor = page.nextCursor
  }
}
