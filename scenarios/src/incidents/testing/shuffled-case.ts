import { normalise } from '@holdfast/capture'
import { incidentsOf, readCase } from '@holdfast/detect'
import type { ConversationId, Event, Incident } from '@holdfast/model'
import { LogReader } from '@holdfast/recorder'
import { seededRandom } from '../../histories/random.ts'

/**
 * The events of what was recorded live under a data folder, in the order of the log: the acts of a scenario, without its
 * simulated past. The server may run.
 */
export function liveEvents(folder: string): readonly Event[] {
  const reader = LogReader.open({ folder })
  const events = new Map<string, Event>()
  for (let index = 0; index < reader.size(); index += 1) {
    const entry = reader.entry(index)
    if (entry === undefined || entry.envelope.clock === 'simulated') continue
    // The same event told twice, by a retry: the first telling counts.
    for (const event of normalise(entry).events) if (!events.has(event.id)) events.set(event.id, event)
  }
  return [...events.values()]
}

/** What these events amount to, read as one case in a random order; the same seed gives the same order. */
export function incidentsInOrder(events: readonly Event[], seed: number): readonly Incident[] {
  const random = seededRandom(seed)
  const shuffled = events
    .map((event) => ({ event, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ event }) => event)
  const conversation = 'shuffled' as ConversationId // no parser would change it
  return incidentsOf([readCase(shuffled, { conversation })])
}
