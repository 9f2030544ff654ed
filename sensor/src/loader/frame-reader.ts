import { MAX_FRAME_BYTES } from './limits.ts'

/** SPEC S3: one frame. `bytes` of records is a view that stays valid; nothing else writes into it. */
export type Frame =
  | { readonly kind: 'records'; readonly sequence: number; readonly bytes: Buffer }
  | { readonly kind: 'told'; readonly sequence: number; readonly text: string }

const HEAD_BYTES = 16

/** Cuts what comes over the pipe into frames, whatever the pieces in which it comes. */
export class FrameReader {
  #rest: Buffer[] = []
  #restBytes = 0
  #wanted = HEAD_BYTES
  #sequence = 0

  /** The frames that these bytes complete. Throws where the stream is not one of frames: then nothing of it can be trusted. */
  push(chunk: Buffer): readonly Frame[] {
    this.#rest.push(chunk)
    this.#restBytes += chunk.length
    if (this.#restBytes < this.#wanted) return []
    const bytes = this.#rest.length === 1 ? chunk : Buffer.concat(this.#rest, this.#restBytes)
    const frames: Frame[] = []
    let at = 0
    for (;;) {
      this.#wanted = wantedAt(bytes, at)
      if (bytes.length - at < this.#wanted) break
      frames.push(this.#frameOf(bytes, at, this.#wanted))
      at += this.#wanted
    }
    this.#rest = at === bytes.length ? [] : [bytes.subarray(at)]
    this.#restBytes = bytes.length - at
    return frames
  }

  #frameOf(bytes: Buffer, at: number, length: number): Frame {
    const kind = bytes.readUInt16LE(at + 4)
    const sequence = Number(bytes.readBigUInt64LE(at + 8))
    if (sequence !== this.#sequence + 1) throw new Error(`frame ${sequence} follows frame ${this.#sequence}`)
    this.#sequence = sequence
    const payload = bytes.subarray(at + HEAD_BYTES, at + length)
    if (kind === 1) return { kind: 'records', sequence, bytes: payload }
    if (kind === 2) return { kind: 'told', sequence, text: payload.toString('utf8') }
    throw new Error(`frame ${sequence} is of kind ${kind}, which is unknown`)
  }
}

/** Bytes of the frame at this place with its head, or of the head alone while it is not whole. */
function wantedAt(bytes: Buffer, at: number): number {
  if (bytes.length - at < HEAD_BYTES) return HEAD_BYTES
  const payload = bytes.readUInt32LE(at)
  if (payload > MAX_FRAME_BYTES) throw new Error(`a frame of ${payload} bytes is longer than any`)
  return HEAD_BYTES + payload
}
