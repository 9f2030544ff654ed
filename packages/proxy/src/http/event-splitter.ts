import { readEventStream } from '@holdfast/capture'

/** Bytes of an empty line that may stand before a cut, at most: `\r\n\r` of `\r\n\r\n`. */
const CUT_BYTES = 3
/** Pieces of one event that are held apart before they are put together. */
const MAX_PIECES = 4_096

/** Cuts a `text/event-stream` into the data of its events as they come. Holds at most `maxBytes` of one event. */
export class EventSplitter {
  readonly #maxBytes: number
  #held: Buffer[] = []
  #heldBytes = 0
  /** The last of what is held, in which the end of the event may have begun. */
  #tail = Buffer.alloc(0)
  #isLong = false

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** The data of each event that ends in the chunk; undefined for one that was too long to be held. */
  push(chunk: Buffer): readonly (string | undefined)[] {
    const told: (string | undefined)[] = []
    let from = 0
    // Only what is new is searched: an event may come in thousands of chunks.
    let end = endOfEvent(Buffer.concat([this.#tail, chunk])) - this.#tail.length
    while (end > 0) {
      if (this.#isLong) told.push(undefined)
      else {
        const event = Buffer.concat([...this.#held, chunk.subarray(from, end)]).toString('utf8')
        for (const { data } of readEventStream(event)) told.push(data)
      }
      this.#forget()
      from = end
      end = endOfEvent(chunk, from)
    }
    this.#hold(chunk.subarray(from))
    return told
  }

  #forget(): void {
    this.#held = []
    this.#heldBytes = 0
    this.#tail = Buffer.alloc(0)
    this.#isLong = false
  }

  #hold(rest: Buffer): void {
    this.#tail = Buffer.concat([this.#tail, rest.subarray(-CUT_BYTES)]).subarray(-CUT_BYTES)
    if (this.#isLong || rest.length === 0) return
    this.#held.push(Buffer.from(rest))
    this.#heldBytes += rest.length
    if (this.#held.length > MAX_PIECES) this.#held = [Buffer.concat(this.#held)]
    if (this.#heldBytes <= this.#maxBytes) return
    this.#isLong = true
    this.#held = []
  }
}

const LF = 0x0a
const CR = 0x0d

/** Behind the empty line that ends the first event from `from` on; -1 where it has not ended. */
export function endOfEvent(bytes: Buffer, from = 0): number {
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (byte !== LF && byte !== CR) continue
    const next = at + (byte === CR && bytes[at + 1] === LF ? 2 : 1)
    if (bytes[next] === LF) return next + 1
    if (bytes[next] !== CR) continue
    // A stream does not mix its line ends: of `\n\r` only `\n\r\n` is one, whose first line ended in `\r\n` or `\n`.
    if (byte === CR && next === at + 1) return next + 1
    if (bytes[next + 1] === LF) return next + 2
  }
  return -1
}
