import { normalise } from '@holdfast/capture'
import { type Event, type HuntQuery, isIn } from '@holdfast/model'
import { RecorderError, type LogReader } from '@holdfast/recorder'
import { TEXT_ENTRIES } from './limits.ts'

/** Looks into the captured texts of events, which no index holds: entry by entry from the log, up to a bound. */
export class TextSearch {
  readonly #reader: LogReader
  readonly #words: readonly { readonly isFound: (text: string) => boolean; readonly isExcluded: boolean }[]
  #last: { readonly entry: number; readonly events: readonly Event[] } | undefined
  /** Entries read so far, and entries whose content is erased or in cold storage. */
  read = 0
  unread = 0

  constructor(reader: LogReader, query: HuntQuery) {
    this.#reader = reader
    this.#words = query.flatMap((term) =>
      term.kind === 'text' ? [{ isFound: isIn(term.value), isExcluded: term.isExcluded }] : [],
    )
  }

  get isAsked(): boolean {
    return this.#words.length > 0
  }

  get isSpent(): boolean {
    return this.read >= TEXT_ENTRIES
  }

  /** True where each word stands in one of the event's texts, or in none where it is to be left out. */
  passes(entry: number, part: number): boolean {
    const event = this.#eventsOf(entry)[part]
    if (event === undefined) return false
    const texts = textsOf(event)
    return this.#words.every(({ isFound, isExcluded }) => texts.some(isFound) !== isExcluded)
  }

  #eventsOf(entry: number): readonly Event[] {
    if (this.#last?.entry === entry) return this.#last.events
    this.read += 1
    const events = this.#normalised(entry)
    this.#last = { entry, events }
    return events
  }

  #normalised(index: number): readonly Event[] {
    try {
      const entry = this.#reader.entry(index)
      if (entry?.body === undefined) this.unread += 1
      return entry === undefined ? [] : normalise(entry).events
    } catch (error) {
      // What was moved away is counted, and said: it may hold the text.
      if (!(error instanceof RecorderError) || error.code !== 'cold') throw error
      this.unread += 1
      return []
    }
  }
}

function textsOf({ body }: Event): readonly string[] {
  return Object.values(body).flatMap((value: unknown) =>
    typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string'
      ? [value.text]
      : [],
  )
}
