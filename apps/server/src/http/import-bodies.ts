import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type HistoryHeader, parseHistoryHeader } from '@holdfast/capture'
import type { HistoryBody } from '../import/import-history.ts'
import { HISTORY_BYTES, HISTORY_HEADER_BYTES, HISTORY_ROOM_BYTES, IMPORT_BYTES } from '../limits.ts'
import { HttpError } from './problem.ts'

const LINE_FEED = 0x0a

/**
 * Files that are being imported, held to one bound together: the largest file alone, or several smaller ones. Each lies
 * in memory of its own, so that it can change over to the thread that reads it.
 */
export class ImportBodies {
  #bytes = 0

  /** Before the body: takes room until the request is answered. Throws HttpError 413 and 503. */
  admit(request: FastifyRequest, reply: FastifyReply): void {
    const announced = announcedBytes(request) ?? IMPORT_BYTES
    if (announced > HISTORY_BYTES) throw tooLarge()
    // More than one import holds can only be a history, which is never held whole.
    const bytes = announced > IMPORT_BYTES ? HISTORY_ROOM_BYTES : announced
    if (this.#bytes + bytes > IMPORT_BYTES) {
      throw new HttpError(503, 'other files are being imported: try again when they are done', { 'retry-after': '5' })
    }
    this.#bytes += bytes
    // Also where the caller goes away.
    reply.raw.once('close', () => {
      this.#bytes -= bytes
    })
  }

  /** The file, or where its first line says that it is a history, what is left of it as it comes. */
  async read(request: FastifyRequest, payload: Readable): Promise<Uint8Array<ArrayBuffer> | HistoryBody> {
    const { head, rest } = await begun(payload)
    const header = headerIn(head)
    return header === undefined ? await this.#whole(request, rest) : { header, chunks: rest }
  }

  /** Takes the body in piece by piece: to join it at the end would hold the thread that acknowledges. */
  async #whole(request: FastifyRequest, payload: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
    const announced = announcedBytes(request)
    if ((announced ?? 0) > IMPORT_BYTES) throw tooLarge()
    const whole =
      announced === undefined ? new ArrayBuffer(0, { maxByteLength: IMPORT_BYTES }) : new ArrayBuffer(announced)
    let at = 0
    for await (const chunk of payload) {
      const end = at + chunk.length
      if (end > (announced ?? IMPORT_BYTES)) throw tooLarge()
      if (whole.resizable) whole.resize(end)
      new Uint8Array(whole, at, chunk.length).set(chunk)
      at = end
    }
    return new Uint8Array(whole)
  }
}

/** Reads until the first line is there, and gives all of it back with what follows. */
async function begun(
  payload: Readable,
): Promise<{ readonly head: Uint8Array; readonly rest: AsyncIterable<Uint8Array> }> {
  const chunks = payload as AsyncIterable<Uint8Array> // a request's body comes in buffers
  const source = chunks[Symbol.asyncIterator]()
  const read: Uint8Array[] = []
  let bytes = 0
  while (bytes < HISTORY_HEADER_BYTES && !read.some((chunk) => chunk.includes(LINE_FEED))) {
    const next = await source.next()
    if (next.done === true) break
    read.push(next.value)
    bytes += next.value.length
  }
  async function* rest(): AsyncGenerator<Uint8Array> {
    yield* read
    yield* { [Symbol.asyncIterator]: () => source }
  }
  return { head: Buffer.concat(read), rest: rest() }
}

function headerIn(head: Uint8Array): HistoryHeader | undefined {
  const end = head.indexOf(LINE_FEED)
  const line = head.subarray(0, Math.min(end === -1 ? head.length : end, HISTORY_HEADER_BYTES))
  return parseHistoryHeader(new TextDecoder().decode(line))
}

function announcedBytes(request: FastifyRequest): number | undefined {
  const length = request.headers['content-length']
  return length === undefined ? undefined : Number(length)
}

function tooLarge(): HttpError {
  return new HttpError(413, `the file is larger than ${IMPORT_BYTES} bytes: split it`)
}

/** True for what {@link ImportBodies.read} gives in place of bytes. */
export function isHistory(body: unknown): body is HistoryBody {
  return typeof body === 'object' && body !== null && 'header' in body && 'chunks' in body
}
