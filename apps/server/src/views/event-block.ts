import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { EventSummary, UnixNano } from '@holdfast/model'
import { decodeDoc, encodeDoc } from './docs.ts'

/** What one log entry meant. */
export type EventRow = { readonly entry: number; readonly events: readonly EventSummary[] }

/** The facts of an event but its body; source and agent by their places in the block's tables. */
type Frame = {
  readonly source: number
  readonly agent: number
  readonly context: EventSummary['context']
  readonly at: string
  readonly until?: string
  readonly recorded: string
}

/** An event with only what differs from the row's frame; `until` is null where the frame has one and the event has none. */
type StoredEvent = { readonly id: string; readonly body: EventSummary['body'] } & Partial<Omit<Frame, 'until'>> & {
    readonly until?: string | null
  }

type StoredRow = { readonly entry: number; readonly frame?: Frame; readonly events: readonly StoredEvent[] }

type StoredBlock = {
  readonly sources: readonly EventSummary['source'][]
  readonly agents: readonly EventSummary['agent'][]
  readonly rows: readonly StoredRow[]
}

/** Below this compressing costs more than the bytes do. */
const COMPRESSED_FROM_BYTES = 1_024
/** First byte of a zstd frame (RFC 8878, 3.1.1); JSON begins with a brace. */
const ZSTD_FIRST_BYTE = 0x28

/**
 * Bytes of the rows of one trace that were folded together. Rows are most of the projection, and those of one trace agree
 * on nearly all but their bodies: as one value they cost a tenth of what they cost one by one, in writing and in reading.
 */
export function encodeBlock(rows: readonly EventRow[]): Uint8Array {
  const sources = new Table<EventSummary['source']>()
  const agents = new Table<EventSummary['agent']>()
  const stored = rows.map(({ entry, events }): StoredRow => {
    const [first] = events
    if (first === undefined) return { entry, events: [] }
    const frame = frameOf(first, sources, agents)
    return { entry, frame, events: events.map((event) => storedEvent(event, first, { sources, agents })) }
  })
  const bytes = encodeDoc({ sources: sources.items, agents: agents.items, rows: stored } satisfies StoredBlock)
  return bytes.length < COMPRESSED_FROM_BYTES ? bytes : zstdCompressSync(bytes)
}

/** Rows in the order they were given. Events of one block share the objects that say source and agent. */
export function decodeBlock(bytes: Uint8Array): readonly EventRow[] {
  const { sources, agents, rows } = storedBlock(bytes)
  return rows.map(({ entry, frame, events }) => ({
    entry,
    events: frame === undefined ? [] : events.map((own) => eventOf({ entry, own, frame, sources, agents })),
  }))
}

/** The first event of this id, alone: the others are not put together. */
export function eventInBlock(bytes: Uint8Array, id: string): EventSummary | undefined {
  const { sources, agents, rows } = storedBlock(bytes)
  for (const { entry, frame, events } of rows) {
    const own = events.find((event) => event.id === id)
    if (own !== undefined && frame !== undefined) return eventOf({ entry, own, frame, sources, agents })
  }
  return undefined
}

/** Which entries a block tells of, and the ids of the events of each. */
export function idsInBlock(bytes: Uint8Array): readonly { readonly entry: number; readonly ids: readonly string[] }[] {
  return storedBlock(bytes).rows.map(({ entry, events }) => ({ entry, ids: events.map(({ id }) => id) }))
}

function storedBlock(bytes: Uint8Array): StoredBlock {
  return decodeDoc<StoredBlock>(bytes[0] === ZSTD_FIRST_BYTE ? zstdDecompressSync(bytes) : bytes)
}

/** Distinct values and their places. A normaliser mostly gives the very same objects, which need no comparison. */
class Table<T extends object> {
  readonly items: T[] = []
  readonly #places = new Map<string, number>()
  #last: { readonly item: T; readonly place: number } | undefined

  placeOf(item: T): number {
    if (this.#last?.item === item) return this.#last.place
    const text = JSON.stringify(item)
    let place = this.#places.get(text)
    if (place === undefined) {
      place = this.items.push(item) - 1
      this.#places.set(text, place)
    }
    this.#last = { item, place }
    return place
  }
}

function frameOf(
  { source, agent, context, claimedAt, claimedUntil, recordedAt }: EventSummary,
  sources: Table<EventSummary['source']>,
  agents: Table<EventSummary['agent']>,
): Frame {
  return {
    source: sources.placeOf(source),
    agent: agents.placeOf(agent),
    context,
    at: claimedAt.toString(),
    ...(claimedUntil === undefined ? {} : { until: claimedUntil.toString() }),
    recorded: recordedAt.toString(),
  }
}

type Tables = { readonly sources: Table<EventSummary['source']>; readonly agents: Table<EventSummary['agent']> }

function storedEvent(event: EventSummary, first: EventSummary, { sources, agents }: Tables): StoredEvent {
  const { id, body, source, agent, context, claimedAt, claimedUntil, recordedAt } = event
  if (event === first) return { id, body }
  return {
    id,
    body,
    ...(source === first.source ? {} : { source: sources.placeOf(source) }),
    ...(agent === first.agent ? {} : { agent: agents.placeOf(agent) }),
    ...(context === first.context ? {} : { context }),
    ...(claimedAt === first.claimedAt ? {} : { at: claimedAt.toString() }),
    ...(claimedUntil === first.claimedUntil ? {} : { until: claimedUntil?.toString() ?? null }),
    ...(recordedAt === first.recordedAt ? {} : { recorded: recordedAt.toString() }),
  }
}

type StoredParts = Pick<StoredBlock, 'sources' | 'agents'> & {
  readonly entry: number
  readonly own: StoredEvent
  readonly frame: Frame
}

function eventOf({ entry, own, frame, sources, agents }: StoredParts): EventSummary {
  const until = own.until === undefined ? frame.until : own.until
  return {
    // The brands were on these values, and the tables held what the places name, when the block was written.
    id: own.id as EventSummary['id'],
    entry,
    claimedAt: BigInt(own.at ?? frame.at) as UnixNano,
    ...(until === undefined || until === null ? {} : { claimedUntil: BigInt(until) as UnixNano }),
    recordedAt: BigInt(own.recorded ?? frame.recorded) as UnixNano,
    source: sources[own.source ?? frame.source] as EventSummary['source'],
    agent: agents[own.agent ?? frame.agent] as EventSummary['agent'],
    context: own.context ?? frame.context,
    body: own.body,
  }
}
