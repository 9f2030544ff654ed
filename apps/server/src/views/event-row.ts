import type { EventSummary, UnixNano } from '@holdfast/model'
import { decodeDoc, encodeDoc } from './docs.ts'

/** One stored row: what one log entry meant. */
export type EventRow = { readonly entry: number; readonly events: readonly EventSummary[] }

/** What all events of an entry share in nearly every row: written once. */
type Shared = Pick<EventSummary, 'source' | 'agent' | 'context'> & {
  readonly at: string
  readonly until?: string
  readonly recorded: string
}

/** An event with only what differs from the shared part. */
type Own = { readonly id: string; readonly body: EventSummary['body'] } & Partial<Shared>

type StoredRow = { readonly entry: number; readonly shared?: Shared; readonly events: readonly Own[] }

/** Bytes of a row. The events of one entry agree on nearly all but their bodies, and rows are most of the projection. */
export function encodeRow({ entry, events }: EventRow): Uint8Array {
  const first = events[0]
  if (first === undefined) return encodeDoc({ entry, events: [] } satisfies StoredRow)
  const shared = sharedOf(first)
  const stored: StoredRow = {
    entry,
    shared,
    events: events.map((event) => ({
      id: event.id,
      body: event.body,
      ...(agrees(event, first) ? {} : sharedOf(event)),
    })),
  }
  return encodeDoc(stored)
}

export function decodeRow(bytes: Uint8Array): EventRow {
  const { entry, shared, events } = decodeDoc<StoredRow>(bytes)
  if (shared === undefined) return { entry, events: [] }
  return {
    entry,
    events: events.map((own) => eventOf(entry, own, own.at === undefined ? shared : { ...shared, ...own })),
  }
}

/** Ids of the events of a row. */
export function idsOfRow(bytes: Uint8Array): readonly string[] {
  return decodeDoc<StoredRow>(bytes).events.map(({ id }) => id)
}

function sharedOf({ source, agent, context, claimedAt, claimedUntil, recordedAt }: EventSummary): Shared {
  return {
    source,
    agent,
    context,
    at: claimedAt.toString(),
    ...(claimedUntil === undefined ? {} : { until: claimedUntil.toString() }),
    recorded: recordedAt.toString(),
  }
}

/** True where everything but id and body is the same; a normaliser mostly gives the very same objects. */
function agrees(a: EventSummary, b: EventSummary): boolean {
  return (
    a.claimedAt === b.claimedAt &&
    a.claimedUntil === b.claimedUntil &&
    same(a.context, b.context) &&
    same(a.agent, b.agent) &&
    same(a.source, b.source)
  )
}

function same(a: object, b: object): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

function eventOf(entry: number, own: Own, shared: Shared): EventSummary {
  return {
    // The brands were on these values when the row was written.
    id: own.id as EventSummary['id'],
    entry,
    claimedAt: BigInt(shared.at) as UnixNano,
    ...(shared.until === undefined ? {} : { claimedUntil: BigInt(shared.until) as UnixNano }),
    recordedAt: BigInt(shared.recorded) as UnixNano,
    source: shared.source,
    agent: shared.agent,
    context: shared.context,
    body: own.body,
  }
}
