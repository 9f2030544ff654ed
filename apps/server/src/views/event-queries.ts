import type { Answer, ApiEvent, ContentText, Query } from '@holdfast/api'
import { normalise } from '@holdfast/capture'
import { summarise, valuesWith } from '@holdfast/graph'
import type { Content, Event, EventBody, EventSummary } from '@holdfast/model'
import { EVENT_SCAN_ENTRIES, EVENTS_PLACED, ROWS_PER_SPAN } from '../limits.ts'
import { toApiEvent } from './api-event.ts'
import { decodeDoc, type LooseDoc } from './docs.ts'
import { EntryKinds } from './entry-kinds.ts'
import { eventInBlock, idsInBlock } from './event-block.ts'
import { EventPlaces } from './event-places.ts'
import { keys, lastPart } from './keys.ts'
import type { WorkspaceQuestions } from './messages.ts'
import { decodeIds, placeOf } from './span-index.ts'
import { QuestionError, type ViewSources } from './view-sources.ts'

const PAGE = 100
const WINDOW_CHARACTERS = 32_768

/** Single events: what is known of one, its text on demand, the newest ones. */
export class EventQueries {
  readonly #sources: ViewSources
  /** The entry read last with its texts: windows of one text are asked for one after the other. */
  #last: { readonly index: number; readonly events: readonly Event[] } | undefined

  /** A page asks for several kinds of one agent at once, and most entries hold none of them. */
  readonly #looked = new EntryKinds(2 * EVENT_SCAN_ENTRIES)
  /** Texts of one conversation are mostly asked for one after the other, and its events lie in a few blocks. */
  readonly #places = new EventPlaces(EVENTS_PLACED)

  constructor(sources: ViewSources) {
    this.#sources = sources
  }

  event(id: string): ApiEvent | undefined {
    const block = this.#blockOf(id)
    const found = block === undefined ? undefined : eventInBlock(block, id)
    return found === undefined ? undefined : toApiEvent(found, { index: found.entry })
  }

  content({ event: id, slot, query }: WorkspaceQuestions['getContent']): ContentText | undefined {
    const entry = this.#entryOf(id)
    if (entry === undefined) return undefined
    const event = this.#withTexts(entry).find((candidate) => candidate.id === id)
    const content = event === undefined ? undefined : contentAt(event.body, slot)
    if (content === undefined) throw new QuestionError(404, `event "${id}" has no content "${slot}"`)
    return windowOf({ event: id, slot, content, offset: query.offset ?? 0, limit: query.limit ?? WINDOW_CHARACTERS })
  }

  /** What the texts of an event hold that has one of these fingerprints; a value that several hold is given once. */
  values({ event: id, query }: WorkspaceQuestions['getEventValues']): Answer<'getEventValues'> | undefined {
    const entry = this.#entryOf(id)
    if (entry === undefined) return undefined
    const wanted = new Set(query.fingerprints.split(','))
    const event = this.#withTexts(entry).find((candidate) => candidate.id === id)
    const values = new Map<string, Answer<'getEventValues'>['values'][number]>()
    for (const slot of Object.keys(event?.body ?? {})) {
      const content = event === undefined ? undefined : contentAt(event.body, slot)
      if (content === undefined || !('text' in content)) continue
      for (const [fingerprint, value] of valuesWith(wanted, content.text))
        values.set(fingerprint, { fingerprint, value, slot })
    }
    return { event: id, values: [...values.values()] }
  }

  /** Newest recorded first. The cursor is the log entry before which the next page begins. */
  newest({ agent, kind, q, cursor, limit = PAGE }: Query<'listEvents'>): Answer<'listEvents'> {
    const { reader } = this.#sources
    const end = cursor === undefined ? reader.size() : Number.parseInt(cursor, 10)
    if (!Number.isSafeInteger(end) || end < 0)
      throw new QuestionError(400, `cursor "${cursor ?? ''}" is not one that this list gave`)
    const needle = q?.toLowerCase()
    const items: ApiEvent[] = []
    const stop = Math.max(0, end - EVENT_SCAN_ENTRIES)
    let index = end
    while (index > stop && items.length < limit) {
      index -= 1
      if (!this.#looked.mayHold(index, { agent, kind })) continue
      const entry = reader.entry(index)
      if (entry === undefined) continue
      if (agent !== undefined && entry.envelope.agent !== agent) {
        this.#looked.add(index, { agent: entry.envelope.agent })
        continue
      }
      const { events } = normalise(entry)
      this.#looked.add(index, { agent: entry.envelope.agent, kinds: new Set(events.map(({ body }) => body.kind)) })
      for (const event of events.toReversed()) {
        if (kind !== undefined && event.body.kind !== kind) continue
        const item = toApiEvent(summarise(event), entry)
        if (needle === undefined || `${item.label} ${item.kind} ${item.agent.name}`.toLowerCase().includes(needle))
          items.push(item)
      }
    }
    return { items, ...(index > 0 ? { nextCursor: String(index) } : {}) }
  }

  /** Drops what is held of entries: what was read may have been erased. */
  forget(): void {
    this.#last = undefined
    this.#looked.forget()
    this.#places.forget()
  }

  /** The log entry that tells of an event. */
  #entryOf(id: string): number | undefined {
    const known = this.#places.entryOf(id)
    if (known !== undefined) return known
    const block = this.#blockOf(id)
    if (block !== undefined) this.#places.add(idsInBlock(block))
    return this.#places.entryOf(id)
  }

  /** The block that holds an event. */
  #blockOf(id: string): Uint8Array | undefined {
    const key = this.#inSpan(id) ?? this.#loose(id)
    return key === undefined ? undefined : this.#sources.store.get(key)
  }

  /** Key of the block that holds an event whose id says its trace and span. */
  #inSpan(id: string): string | undefined {
    const place = placeOf(id)
    if (place === undefined) return undefined
    const rows = this.#sources.store.scan({ prefix: keys.spanInTrace(place), limit: ROWS_PER_SPAN })
    const row = rows.find(([, bytes]) => decodeIds(place.prefix, bytes).includes(id))
    return row === undefined ? undefined : keys.events(place.trace, Number(lastPart(row[0])))
  }

  #loose(id: string): string | undefined {
    const bytes = this.#sources.store.get(keys.looseEvent(id as EventSummary['id'])) // an id that names nothing finds nothing
    if (bytes === undefined) return undefined
    const { trace, block } = decodeDoc<LooseDoc>(bytes)
    return keys.events(trace, block)
  }

  #withTexts(index: number): readonly Event[] {
    if (this.#last?.index === index) return this.#last.events
    const entry = this.#sources.reader.entry(index)
    const events = entry === undefined ? [] : normalise(entry).events
    this.#last = { index, events }
    return events
  }
}

function contentAt(body: EventBody, slot: string): Content | undefined {
  const value: unknown = new Map<string, unknown>(Object.entries(body)).get(slot)
  // Of the fields of a body only contents are objects with a state.
  return typeof value === 'object' && value !== null && 'state' in value ? (value as Content) : undefined
}

type WindowRequest = {
  readonly event: string
  readonly slot: string
  readonly content: Content
  readonly offset: number
  readonly limit: number
}

const NO_TEXT = { text: '', offset: 0, characters: 0, bytes: 0, mediaType: 'text/plain' } as const

function windowOf({ event, slot, content, offset, limit }: WindowRequest): ContentText {
  switch (content.state) {
    case 'suppressed':
      return { event, slot, state: content.state, reason: content.rule, ...NO_TEXT }
    case 'not-captured':
      return { event, slot, state: content.state, reason: content.reason, ...NO_TEXT }
    case 'captured':
    case 'truncated':
    case 'redacted': {
      const text = content.text.slice(offset, offset + limit)
      const end = offset + text.length
      return {
        event,
        slot,
        state: content.state,
        text,
        offset,
        characters: content.text.length,
        ...(end < content.text.length ? { nextOffset: end } : {}),
        bytes: content.bytes,
        digest: content.digest,
        mediaType: content.mediaType,
      }
    }
  }
}
