import type { Readable } from 'node:stream'
import { MAX_BODY_BYTES } from './limits.ts'
import type { Lease } from './memory-budget.ts'
import { refused } from './outcome.ts'
import type { ReadBody, Refused } from './outcome.ts'

export type CollectOptions = {
  /** Bytes that the sender has announced; they are reserved before the first of them is read. */
  readonly announced?: number | undefined
  /** Bytes of the whole body as its first piece states them; undefined where it does not. */
  readonly lengthOf?: (first: Buffer) => number | undefined
  readonly maxBytes?: number
}

/**
 * Takes in a body as it arrives. What does not fit beside the bodies that are being read is refused before it is held:
 * at once where its length is announced, else at the first byte too many. Rejects where the sender goes away.
 */
export function collect(source: Readable, lease: Lease, options: CollectOptions = {}): Promise<ReadBody> {
  const body = new BodyInPieces(lease, options)
  const objection = options.announced === undefined ? undefined : body.reserve(options.announced)
  if (objection !== undefined) return Promise.resolve(objection)
  return new Promise((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      const refusal = body.add(chunk)
      if (refusal === undefined) return
      source.off('data', take)
      source.pause()
      resolve(refusal)
    }
    source.on('data', take)
    source.once('end', () => resolve(body.finish()))
    source.once('error', reject)
    source.once('close', () => reject(new Error('the sender went away')))
  })
}

/** Put together in one buffer where the length is known in advance; else kept in pieces and joined at the end. */
class BodyInPieces {
  readonly #lease: Lease
  readonly #options: CollectOptions
  readonly #maxBytes: number
  readonly #chunks: Buffer[] = []
  #expected: number | undefined
  #whole: Buffer<ArrayBuffer> | undefined
  #bytes = 0

  constructor(lease: Lease, options: CollectOptions) {
    this.#lease = lease
    this.#options = options
    this.#maxBytes = options.maxBytes ?? MAX_BODY_BYTES
  }

  /** Why so many bytes cannot be taken in, if they cannot. */
  reserve(bytes: number): Refused | undefined {
    if (bytes > this.#maxBytes) return tooLarge()
    this.#expected = bytes
    return this.#take(bytes)
  }

  add(chunk: Buffer): Refused | undefined {
    const isFirst = this.#bytes === 0
    this.#bytes += chunk.length
    if (isFirst && this.#expected === undefined) {
      const stated = this.#options.lengthOf?.(chunk)
      const objection = stated === undefined ? undefined : this.reserve(stated)
      if (objection !== undefined) return objection
    }
    if (this.#expected === undefined) {
      if (this.#bytes > this.#maxBytes) return tooLarge()
      this.#chunks.push(chunk)
      return this.#take(chunk.length)
    }
    if (this.#bytes > this.#expected) return refused('malformed', 'the body is longer than its sender announced')
    // Most bodies come in one piece, which is theirs alone.
    if (isFirst && chunk.length === this.#expected) this.#whole = chunk as Buffer<ArrayBuffer> // not shared memory
    else {
      this.#whole ??= this.#lease.buffer(this.#expected)
      chunk.copy(this.#whole, this.#bytes - chunk.length)
    }
    return undefined
  }

  finish(): ReadBody {
    if (this.#expected === undefined) {
      // While they are joined, pieces and body are held both.
      const objection = this.#take(this.#bytes)
      return objection ?? { status: 'read', body: Buffer.concat(this.#chunks, this.#bytes) }
    }
    if (this.#bytes < this.#expected) return refused('malformed', 'the body is shorter than its sender announced')
    return { status: 'read', body: this.#whole ?? Buffer.alloc(0) }
  }

  #take(bytes: number): Refused | undefined {
    const overload = this.#lease.take(bytes)
    return overload === undefined ? undefined : refused(overload, 'too much is being received: try again later')
  }
}

function tooLarge(): Refused {
  return refused('oversized', `the body is larger than ${MAX_BODY_BYTES} bytes`)
}
