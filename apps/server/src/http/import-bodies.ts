import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { IMPORT_BYTES } from '../limits.ts'
import { HttpError } from './problem.ts'

/**
 * Files that are being imported, held to one bound together: the largest file alone, or several smaller ones. Each lies
 * in memory of its own, so that it can change over to the thread that reads it.
 */
export class ImportBodies {
  #bytes = 0

  /** Before the body: takes room until the request is answered. Throws HttpError 413 and 503. */
  admit(request: FastifyRequest, reply: FastifyReply): void {
    const bytes = announcedBytes(request) ?? IMPORT_BYTES
    if (bytes > IMPORT_BYTES) throw tooLarge()
    if (this.#bytes + bytes > IMPORT_BYTES) {
      throw new HttpError(503, 'other files are being imported: try again when they are done', { 'retry-after': '5' })
    }
    this.#bytes += bytes
    // Also where the caller goes away.
    reply.raw.once('close', () => {
      this.#bytes -= bytes
    })
  }

  /** Takes the body in piece by piece: to join it at the end would hold the thread that acknowledges. */
  async read(request: FastifyRequest, payload: Readable): Promise<Uint8Array<ArrayBuffer>> {
    const announced = announcedBytes(request)
    const whole =
      announced === undefined ? new ArrayBuffer(0, { maxByteLength: IMPORT_BYTES }) : new ArrayBuffer(announced)
    let at = 0
    for await (const chunk of payload as AsyncIterable<Buffer>) {
      const end = at + chunk.length
      if (end > (announced ?? IMPORT_BYTES)) throw tooLarge()
      if (whole.resizable) whole.resize(end)
      new Uint8Array(whole, at, chunk.length).set(chunk)
      at = end
    }
    return new Uint8Array(whole)
  }
}

function announcedBytes(request: FastifyRequest): number | undefined {
  const length = request.headers['content-length']
  return length === undefined ? undefined : Number(length)
}

function tooLarge(): HttpError {
  return new HttpError(413, `the file is larger than ${IMPORT_BYTES} bytes: split it`)
}
