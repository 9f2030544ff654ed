import type { Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'

/**
 * Undoes the content coding of a copy of a body as it comes. Pieces that cannot be decoded are the reader's loss alone.
 */
export class PlainText {
  readonly #decoder: Transform | undefined
  readonly #read: (bytes: Buffer) => void
  readonly #fail: () => void

  constructor(coding: string, read: (bytes: Buffer) => void, fail: () => void) {
    this.#read = read
    this.#fail = fail
    const decoder = decoderOf(coding.trim().toLowerCase())
    if (decoder === 'none') return
    if (decoder === undefined) {
      this.#decoder = undefined
      fail()
      this.#read = () => undefined
      return
    }
    this.#decoder = decoder
    decoder.on('data', (bytes: Buffer) => this.#read(bytes))
    decoder.on('error', () => this.#fail())
  }

  push(chunk: Buffer): void {
    if (this.#decoder === undefined) this.#read(chunk)
    else this.#decoder.write(chunk)
  }

  /** Resolves when all that came was read. */
  end(): Promise<void> {
    const decoder = this.#decoder
    if (decoder === undefined || decoder.destroyed) return Promise.resolve()
    return new Promise((resolve) => {
      decoder.once('close', resolve)
      decoder.end()
    })
  }
}

function decoderOf(coding: string): Transform | 'none' | undefined {
  switch (coding) {
    case '':
    case 'identity':
      return 'none'
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'deflate':
      return createInflate()
    case 'br':
      return createBrotliDecompress()
    case 'zstd':
      return createZstdDecompress()
  }
  return undefined
}
