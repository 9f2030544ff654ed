import type { EventSummary } from '@holdfast/model'
import { CONNECTIONS_PER_SOCKET } from '../limits.ts'
import { decodeDoc } from './docs.ts'
import { decodeBlock, type EventRow } from './event-block.ts'
import { keys } from './keys.ts'
import type { ViewSources } from './view-sources.ts'

/** What an event of a conversation names that may have been seen elsewhere: a socket, or the answer of a model call. */
export function claimOf(event: EventSummary): string | undefined {
  const isTold = event.source.tier === 'self-reported'
  return event.body.kind === 'socket' ? tupleOf(event) : isTold ? answerOf(event) : undefined
}

/** What was seen by others than the agent and can be claimed: a connection, or a model call on the wire. */
export function factOf(event: EventSummary): string | undefined {
  const isTold = event.source.tier === 'self-reported'
  return event.body.kind === 'connection' ? tupleOf(event) : isTold ? undefined : answerOf(event)
}

/** The provider's name for the answer of a model call, beside whose call it was. */
function answerOf({ agent, body }: EventSummary): string | undefined {
  if (body.kind !== 'model-call' || (body.responseId ?? '') === '') return undefined
  return JSON.stringify([agent.id, 'answer', body.responseId])
}

/** Both ends of a connection, as the agent's library or the kernel tells them, beside whose it is; undefined for all else. */
function tupleOf({ agent, body }: EventSummary): string | undefined {
  if (body.kind !== 'socket' && body.kind !== 'connection') return undefined
  const { protocol, local, remote } = body
  // Private addresses are used again on every host: the agent, which is of one host or one workload, tells them apart.
  return local === undefined || remote === undefined
    ? undefined
    : JSON.stringify([agent.id, protocol, local.address, local.port, remote.address, remote.port])
}

/** What of a row is meant by a claim: the kernel's own number of the socket, as one five-tuple is used again by later ones. */
export function meantBy(claim: string, { events }: Pick<EventRow, 'events'>): readonly string[] {
  return events.flatMap((event) => (factOf(event) === claim ? [socketOf(event)] : []))
}

function socketOf({ id, body }: EventSummary): string {
  return (body.kind === 'connection' ? body.socket : undefined) ?? id
}

/**
 * Finds what was seen of the sockets and model calls that a conversation's spans claim. That is decided when somebody asks, from the
 * events of both, so that it does not matter which of them came first.
 */
export class SocketJoins {
  readonly #store: ViewSources['store']

  constructor({ store }: Pick<ViewSources, 'store'>) {
    this.#store = store
  }

  /** Rows of what is claimed, in log order; none where several sockets or exchanges may be meant, or nobody saw one. */
  rowsOf(claim: string): readonly EventRow[] {
    const found = this.#store
      .scan({ prefix: keys.connections(claim), limit: CONNECTIONS_PER_SOCKET })
      .flatMap(([key, bytes]) => this.#rows(key, new Set(decodeDoc<readonly number[]>(bytes))))
    const meant = new Set(found.flatMap((row) => meantBy(claim, row)))
    return meant.size > 1 ? [] : found.toSorted((a, b) => a.entry - b.entry)
  }

  #rows(key: string, entries: ReadonlySet<number>): readonly EventRow[] {
    const bytes = this.#store.get(keys.eventsOfConnection(key))
    return bytes === undefined ? [] : decodeBlock(bytes).filter(({ entry }) => entries.has(entry))
  }
}
