import type { StepsOfWork } from '@holdfast/detect'
import type { ChunkReader, KeyedChunk, Place } from './chunk-reader.ts'
import type { Chunk } from './chunk.ts'
import { PASSES, type Verdicts } from './evaluate.ts'
import { SCAN_EVENTS, TEXT_READS_PER_STEP } from './limits.ts'
import type { TextSearch } from './text-search.ts'

/** A chunk with what was found of its events: `OUT` for those that this answer leaves to the next. */
export type ScannedChunk = { readonly key: string; readonly chunk: Chunk; readonly verdicts: Uint8Array }

/** Kept out for a word, the window or a text, or not looked at. */
const OUT = 255

/** Goes down through all events from a place, until it has enough or has done as much as one answer may. */
export class HuntScan {
  readonly #chunks: Generator<KeyedChunk>
  readonly #verdicts: Verdicts
  readonly #text: TextSearch
  /** Events looked through. */
  scanned = 0
  /** The last event looked at: the next answer goes on below it. */
  place: Place | undefined
  /** True once there is nothing below. */
  isWhole = false

  constructor(
    chunks: ChunkReader,
    parts: { readonly verdicts: Verdicts; readonly text: TextSearch; readonly below: Place | undefined },
  ) {
    this.#chunks = chunks.before(parts.below)
    this.#verdicts = parts.verdicts
    this.#text = parts.text
    this.place = parts.below
  }

  /** The next chunk down; undefined at the end or the bound. Ends within a chunk once `wanted` events passed. */
  *next(wanted = Infinity): StepsOfWork<ScannedChunk | undefined> {
    yield
    if (this.scanned >= SCAN_EVENTS || this.#text.isSpent || wanted <= 0) return undefined
    const found = this.#chunks.next()
    if (found.done === true) {
      this.isWhole = true
      return undefined
    }
    const { key, chunk, end } = found.value
    const verdicts = this.#verdicts.of(chunk)
    verdicts.fill(OUT, end)
    const start = yield* this.#look(chunk, verdicts, { end, wanted })
    verdicts.fill(OUT, 0, start)
    this.scanned += end - start
    if (start < end) this.place = { entry: chunk.entries[start] ?? 0, part: chunk.parts[start] ?? 0 }
    return { key, chunk, verdicts }
  }

  /** Looks into texts where the query asks for one; the lowest row that was looked at. */
  *#look(
    { entries, parts }: Chunk,
    verdicts: Uint8Array,
    { end, wanted }: { readonly end: number; readonly wanted: number },
  ): StepsOfWork<number> {
    let passed = 0
    for (let row = end - 1; row >= 0; row--) {
      if (verdicts[row] === OUT) continue
      if (this.#text.isAsked) {
        // What a field keeps out is not read for the count of that field's other values: its entries would use the bound up.
        if (verdicts[row] !== PASSES) {
          verdicts[row] = OUT
          continue
        }
        if (this.#text.isSpent) return row + 1
        if (this.#text.read % TEXT_READS_PER_STEP === 0) yield
        if (!this.#text.passes(entries[row] ?? 0, parts[row] ?? 0)) verdicts[row] = OUT
      }
      if (verdicts[row] === PASSES) passed += 1
      if (passed === wanted) return row
    }
    return 0
  }
}
