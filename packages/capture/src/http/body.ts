import { brotliDecompressSync, constants, gunzipSync, inflateSync, inflateRawSync, zstdDecompressSync } from 'node:zlib'
import { maskSecrets } from '../masking/mask-secrets.ts'
import { GrowingBytes } from './growing-bytes.ts'
import { MAX_BODY_BYTES, MAX_CODINGS, MAX_HOLES } from './limits.ts'

/**
 * A body as it is kept. `bytes` counts what was on the wire. `isPartial` is true where any of it is missing: `holes` are
 * the places in `data` (in characters of text, bytes of base64) after which bytes never came, and the tail may be cut.
 */
export type HttpBody = {
  readonly form: 'text' | 'base64' | 'none'
  readonly data: string
  readonly bytes: number
  readonly isPartial: boolean
  /** Codings that are still on it, because they could not be undone. */
  readonly coding?: string
  readonly holes?: readonly Hole[]
}

type Hole = { readonly at: number; readonly bytes: number }

export const NO_BODY: HttpBody = { form: 'none', data: '', bytes: 0, isPartial: false }

/** Collects the bytes of one body within its bound. */
export class BodyCollector {
  readonly #bytes = new GrowingBytes()
  readonly #holes: { at: number; bytes: number }[] = []
  #seen = 0
  #isCut = false

  /** Memory that is held for it. */
  get heldBytes(): number {
    return this.#bytes.heldBytes
  }

  push(bytes: Uint8Array): void {
    this.#seen += bytes.length
    const room = MAX_BODY_BYTES - this.#bytes.length
    const fitting = bytes.length <= room ? bytes : bytes.subarray(0, room)
    if (fitting.length < bytes.length) this.#isCut = true
    this.#bytes.append(fitting)
  }

  hole(bytes: number): void {
    const last = this.#holes.at(-1)
    const at = this.#bytes.length
    if (last !== undefined && (last.at === at || this.#holes.length >= MAX_HOLES)) last.bytes += bytes
    else this.#holes.push({ at, bytes })
  }

  /** `contentEncoding` and `contentType` as the message states them; `isEnded` where the body came to its end. */
  finish(options: {
    readonly contentEncoding: string
    readonly contentType: string
    readonly isEnded: boolean
  }): HttpBody {
    const isPartial = !options.isEnded || this.#isCut || this.#holes.length > 0
    if (this.#seen === 0 && !isPartial) return NO_BODY
    const raw = this.#bytes.view
    const codings = codingsOf(options.contentEncoding)
    const plain = codings.length === 0 ? { bytes: raw, isCut: false } : undo(this.#beforeHole(raw), codings, isPartial)
    if (plain === undefined) {
      const shared = { form: 'base64', data: raw.toString('base64'), bytes: this.#seen, isPartial } as const
      return { ...shared, coding: codings.join(', '), ...this.#told() }
    }
    const text = textOf(plain.bytes, options.contentType, isPartial)
    const shared = { bytes: this.#seen, isPartial: isPartial || plain.isCut }
    if (text === undefined) {
      // As base64 nothing that looks for credentials later would know them: a form with a picture in it holds both.
      maskSecrets(plain.bytes)
      const holes = codings.length === 0 ? this.#told() : {}
      return { ...shared, form: 'base64', data: plain.bytes.toString('base64'), ...holes }
    }
    const holes = codings.length > 0 ? {} : this.#told((at) => raw.subarray(0, at).toString('utf8').length)
    return { ...shared, form: 'text', data: text, ...holes }
  }

  /** Nothing behind a hole can be decompressed. */
  #beforeHole(raw: Buffer): Buffer {
    const [first] = this.#holes
    return first === undefined ? raw : raw.subarray(0, first.at)
  }

  #told(place: (at: number) => number = (at) => at): { readonly holes?: readonly Hole[] } {
    return this.#holes.length === 0
      ? {}
      : { holes: this.#holes.map((hole) => ({ at: place(hole.at), bytes: hole.bytes })) }
  }
}

/** In the order in which they were put on. */
function codingsOf(contentEncoding: string): readonly string[] {
  return contentEncoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
}

function undo(
  raw: Buffer,
  codings: readonly string[],
  isPartial: boolean,
): { bytes: Buffer; isCut: boolean } | undefined {
  if (codings.length > MAX_CODINGS) return undefined
  let bytes = raw
  let isCut = false
  for (const coding of codings.toReversed()) {
    const plain = undoOne(bytes, coding, isPartial)
    if (plain === undefined) return undefined
    bytes = plain
    isCut ||= plain.length >= MAX_BODY_BYTES
  }
  return { bytes, isCut }
}

/** Undefined for a coding that is not known, bytes that are not in it, and what would grow beyond the bound. */
function undoOne(bytes: Buffer, coding: string, isPartial: boolean): Buffer | undefined {
  const maxOutputLength = MAX_BODY_BYTES
  const zlib = { maxOutputLength, ...(isPartial ? { finishFlush: constants.Z_SYNC_FLUSH } : {}) }
  try {
    switch (coding) {
      case 'gzip':
      case 'x-gzip':
        return gunzipSync(bytes, zlib)
      case 'deflate':
        // The standard says zlib; some servers send raw deflate, whose first byte can never be a zlib header's.
        return ((bytes[0] ?? 0) & 0x0f) === 8 ? inflateSync(bytes, zlib) : inflateRawSync(bytes, zlib)
      case 'br': {
        const flush = isPartial ? { finishFlush: constants.BROTLI_OPERATION_FLUSH } : {}
        return brotliDecompressSync(bytes, { maxOutputLength, ...flush })
      }
      case 'zstd': {
        const flush = isPartial ? { finishFlush: constants.ZSTD_e_flush } : {}
        return zstdDecompressSync(bytes, { maxOutputLength, ...flush })
      }
    }
  } catch {
    // Not in that coding, or larger than the bound: the bytes are kept as they came, with the coding's name.
    return undefined
  }
  return undefined
}

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Text where it is UTF-8; text that lost bytes may be broken at the edges of the holes. */
function textOf(bytes: Buffer, contentType: string, isPartial: boolean): string | undefined {
  try {
    return STRICT.decode(bytes)
  } catch {
    // Not UTF-8: bytes, or text with a hole in it.
    return isPartial && isTextual(contentType) ? bytes.toString('utf8') : undefined
  }
}

function isTextual(contentType: string): boolean {
  return /^(?:text\/|application\/(?:json|xml|javascript|x-www-form-urlencoded|x-ndjson|[a-z0-9.+-]*\+(?:json|xml)))/.test(
    contentType.trim().toLowerCase(),
  )
}
