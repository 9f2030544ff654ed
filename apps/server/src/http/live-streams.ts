import type { ApiEvent, Query } from '@holdfast/api'
import type { FastifyReply } from 'fastify'
import { EVENT_STREAMS } from '../limits.ts'
import type { Folded, ViewsClient } from '../views/client.ts'
import { EventStream } from './event-stream.ts'
import { HttpError } from './problem.ts'

const BEAT_MS = 15_000

/** The open server-sent event streams: what changed, and the live tail. */
export class LiveStreams implements Disposable {
  readonly #views: ViewsClient
  readonly #open = new Set<EventStream>()
  readonly #beat: NodeJS.Timeout

  constructor(views: ViewsClient) {
    this.#views = views
    this.#beat = setInterval(() => {
      for (const stream of this.#open) stream.beat()
    }, BEAT_MS).unref()
  }

  /** Says after every folded batch how far the log and the projection are. */
  openChanges(reply: FastifyReply): void {
    const stream = this.#add(reply, () => stop())
    const stop = this.#views.onFolded(({ cursor, size, agents }) =>
      stream.send('changed', JSON.stringify({ size, projected: cursor, agents })),
    )
  }

  /** Sends each event that matches, as it is folded. */
  openTail(reply: FastifyReply, query: Query<'tail'>): void {
    const unfollow = this.#views.follow()
    const stream = this.#add(reply, () => {
      stop()
      unfollow()
    })
    const stop = this.#views.onFolded((folded) => sendMatching(stream, folded, query))
  }

  [Symbol.dispose](): void {
    clearInterval(this.#beat)
    for (const stream of this.#open) stream.end()
  }

  #add(reply: FastifyReply, onClose: () => void): EventStream {
    if (this.#open.size >= EVENT_STREAMS)
      throw new HttpError(503, `${EVENT_STREAMS} event streams are open already`, { 'retry-after': '10' })
    const stream: EventStream = new EventStream(reply, () => {
      this.#open.delete(stream)
      onClose()
    })
    this.#open.add(stream)
    return stream
  }
}

function sendMatching(stream: EventStream, { events }: Folded, query: Query<'tail'>): void {
  for (const json of events) {
    const event = JSON.parse(json) as ApiEvent // made by the projection worker from this very type
    if (query.since !== undefined && event.entry < query.since) continue
    if (query.agent !== undefined && event.agent.id !== query.agent && event.agent.name !== query.agent) continue
    if (query.kind !== undefined && event.kind !== query.kind) continue
    const text = `${event.label} ${event.kind} ${event.agent.name} ${event.conversation}`.toLowerCase()
    if (query.include !== undefined && !text.includes(query.include.toLowerCase())) continue
    if (query.exclude !== undefined && text.includes(query.exclude.toLowerCase())) continue
    stream.send('event', json, String(event.entry))
  }
}
