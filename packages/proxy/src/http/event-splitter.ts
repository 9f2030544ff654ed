import { readEventStream } from '@holdfast/capture'

/** Cuts a `text/event-stream` into the data of its events as they come. Holds at most `maxBytes` of one event. */
export class EventSplitter {
  readonly #maxBytes: number
  #held = Buffer.alloc(0)
  #isLong = false

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** The data of each event that ends in the chunk; undefined for one that was too long to be held. */
  push(chunk: Buffer): readonly (string | undefined)[] {
    const told: (string | undefined)[] = []
    let rest = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    for (let end = endOfEvent(rest); end >= 0; end = endOfEvent(rest)) {
      if (this.#isLong) told.push(undefined)
      else for (const { data } of readEventStream(rest.toString('utf8', 0, end))) told.push(data)
      this.#isLong = false
      rest = rest.subarray(end)
    }
    // Of a long event its last bytes stay, in which its end may begin.
    if (rest.length > this.#maxBytes) {
      this.#isLong = true
      rest = rest.subarray(-3)
    }
    this.#held = Buffer.from(rest)
    return told
  }
}

const ENDS = ['\n\n', '\r\n\r\n', '\r\r', '\n\r\n'].map((text) => Buffer.from(text))

/** Behind the empty line that ends the first event; -1 where it has not ended. */
export function endOfEvent(bytes: Buffer): number {
  let first = -1
  for (const end of ENDS) {
    const at = bytes.indexOf(end)
    if (at >= 0 && (first < 0 || at + end.length < first)) first = at + end.length
  }
  return first
}
