import type { EventSummary } from '@holdfast/model'
import { CONNECTIONS_PER_SOCKET } from '../limits.ts'
import { decodeDoc } from './docs.ts'
import { decodeBlock, type EventRow } from './event-block.ts'
import { keys } from './keys.ts'
import type { ViewSources } from './view-sources.ts'

/** Both ends of a connection, as the agent's library or the kernel tells them, beside whose it is; undefined for all else. */
export function tupleOf({ agent, body }: EventSummary): string | undefined {
  if (body.kind !== 'socket' && body.kind !== 'connection') return undefined
  const { protocol, local, remote } = body
  // Private addresses are used again on every host: the agent, which is of one host or one workload, tells them apart.
  return local === undefined || remote === undefined
    ? undefined
    : JSON.stringify([agent.id, protocol, local.address, local.port, remote.address, remote.port])
}

/** The kernel's own number of the socket. One five-tuple is used again by later sockets. */
export function socketOf({ id, body }: EventSummary): string {
  return (body.kind === 'connection' ? body.socket : undefined) ?? id
}

/**
 * Finds what the kernel saw of the sockets that a conversation's spans claim. That is decided when somebody asks, from the
 * events of both, so that it does not matter which of them came first.
 */
export class SocketJoins {
  readonly #store: ViewSources['store']

  constructor({ store }: Pick<ViewSources, 'store'>) {
    this.#store = store
  }

  /** Rows of the connection of that five-tuple, in log order; none where several sockets had it, or nobody saw one. */
  rowsOf(tuple: string): readonly EventRow[] {
    const found = this.#store
      .scan({ prefix: keys.connections(tuple), limit: CONNECTIONS_PER_SOCKET })
      .flatMap(([key, bytes]) => this.#rows(key, new Set(decodeDoc<readonly number[]>(bytes))))
    const sockets = new Set(found.flatMap(({ events }) => events.map(socketOf)))
    return sockets.size > 1 ? [] : found.toSorted((a, b) => a.entry - b.entry)
  }

  #rows(key: string, entries: ReadonlySet<number>): readonly EventRow[] {
    const bytes = this.#store.get(keys.eventsOfConnection(key))
    return bytes === undefined ? [] : decodeBlock(bytes).filter(({ entry }) => entries.has(entry))
  }
}
