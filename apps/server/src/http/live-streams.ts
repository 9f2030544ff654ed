import { type ApiEvent, type Query, tailFilter } from '@holdfast/api'
import type { FastifyReply } from 'fastify'
import type { DriftSignals } from '../drift/drift-signals.ts'
import { EVENT_STREAMS } from '../limits.ts'
import type { Folded, ViewsClient } from '../views/client.ts'
import { EventStream } from './event-stream.ts'
import { HttpError } from './problem.ts'

const BEAT_MS = 15_000
/** How long a stream may outlive the credential that opened it (FC11: a revoked one is dead within a second). */
const CHECK_MS = 500

/** Whether the credential that opened a stream is still good. */
export type StillIn = () => boolean

/** The open server-sent event streams: what changed, and the live tail. */
export class LiveStreams implements Disposable {
  readonly #views: ViewsClient
  readonly #open = new Map<EventStream, StillIn>()
  readonly #beat: NodeJS.Timeout
  readonly #check: NodeJS.Timeout

  constructor(views: ViewsClient) {
    this.#views = views
    this.#beat = setInterval(() => {
      for (const stream of this.#open.keys()) stream.beat()
    }, BEAT_MS).unref()
    this.#check = setInterval(() => this.#endRevoked(), CHECK_MS).unref()
  }

  /** Says after every folded batch how far the log and the projection are. */
  openChanges(reply: FastifyReply, isStillIn: StillIn): void {
    const stream = this.#add({ reply, isStillIn, onClose: () => stop() })
    const stop = this.#views.onFolded(({ cursor, size, agents }) =>
      stream.send('changed', JSON.stringify({ size, projected: cursor, agents })),
    )
  }

  /** Sends each event that matches, as it is folded. */
  openTail(reply: FastifyReply, query: Query<'tail'>, isStillIn: StillIn): void {
    const onClose = (): void => {
      stop()
      unfollow()
    }
    const isShown = isShownBy(query)
    // Throws where too many are open: only then may following begin, or nobody would end it.
    const stream = this.#add({ reply, isStillIn, onClose })
    const unfollow = this.#views.follow()
    const stop = this.#views.onFolded((folded) => sendMatching(stream, folded, isShown))
  }

  /** Sends each line of the stream of drift signals as it is recorded, and how far it judged whenever that moves. */
  openDrift(reply: FastifyReply, signals: DriftSignals, isStillIn: StillIn): void {
    const stream = this.#add({ reply, isStillIn, onClose: () => stop() })
    const stop = signals.onLines((lines) => {
      for (const line of lines) stream.send('signal', JSON.stringify(line), String(line.entry))
      stream.send('judged', JSON.stringify({ judged: signals.judged }))
    })
    stream.send('judged', JSON.stringify({ judged: signals.judged }))
  }

  [Symbol.dispose](): void {
    clearInterval(this.#beat)
    clearInterval(this.#check)
    for (const stream of this.#open.keys()) stream.end()
  }

  #endRevoked(): void {
    for (const [stream, isStillIn] of this.#open) if (!isStillIn()) stream.end()
  }

  #add({
    reply,
    isStillIn,
    onClose,
  }: {
    readonly reply: FastifyReply
    readonly isStillIn: StillIn
    readonly onClose: () => void
  }): EventStream {
    if (this.#open.size >= EVENT_STREAMS)
      throw new HttpError(503, `${EVENT_STREAMS} event streams are open already`, { 'retry-after': '10' })
    const stream: EventStream = new EventStream(reply, () => {
      this.#open.delete(stream)
      onClose()
    })
    this.#open.set(stream, isStillIn)
    return stream
  }
}

function sendMatching(stream: EventStream, { events }: Folded, isShown: (event: ApiEvent) => boolean): void {
  for (const json of events) {
    const event = JSON.parse(json) as ApiEvent // made by the projection worker from this very type
    if (isShown(event)) stream.send('event', json, String(event.entry))
  }
}

/** Throws 400 for a query that a stream cannot answer. */
function isShownBy(query: Query<'tail'>): (event: ApiEvent) => boolean {
  const filter = tailFilter(query)
  if (filter.status === 'bad') throw new HttpError(400, `q: ${filter.reason}`)
  return filter.isShown
}
