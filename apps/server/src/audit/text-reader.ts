import { normalise } from '@holdfast/capture'
import type { Content, Event, EventSummary } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'

/** The texts of events as the log holds them; each entry of a row is read once. */
export class TextReader {
  readonly #reader: Pick<LogReader, 'entry'>
  readonly #read = new Map<number, readonly Event[]>()

  constructor(reader: Pick<LogReader, 'entry'>) {
    this.#reader = reader
  }

  of(summary: EventSummary): readonly { readonly slot: string; readonly content: Content }[] {
    const event = this.#events(summary.entry).find(({ id }) => id === summary.id)
    if (event === undefined) return []
    return Object.entries(event.body).flatMap(([slot, value]: [string, unknown]) =>
      isContent(value) ? [{ slot, content: value }] : [],
    )
  }

  #events(index: number): readonly Event[] {
    const known = this.#read.get(index)
    if (known !== undefined) return known
    const entry = this.#reader.entry(index)
    const events = entry === undefined ? [] : normalise(entry).events
    this.#read.set(index, events)
    return events
  }
}

/** Of the fields of a body only contents are objects with a state. */
function isContent(value: unknown): value is Content {
  return typeof value === 'object' && value !== null && 'state' in value
}
