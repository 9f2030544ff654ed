import { HISTORY_LINE_BYTES, IMPORT_SLICE_BYTES } from '../limits.ts'

/** Some whole lines of a history; `skipped` counts lines before them that were too long to be read. */
export type HistoryPiece = {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Number of the first line, from 1. */
  readonly firstLine: number
}

export type SkippedLine = { readonly line: number; readonly bytes: number }

const LINE_FEED = 0x0a

/**
 * Cuts what arrives into pieces of whole lines, each about a slice large, so that no more than two of them are in memory
 * however large the history is. A line beyond its bound is told to `onSkipped` and left out.
 */
export async function* historyPieces(
  chunks: AsyncIterable<Uint8Array>,
  onSkipped: (line: SkippedLine) => void,
  maxBytes: { readonly piece: number; readonly line: number } = { piece: IMPORT_SLICE_BYTES, line: HISTORY_LINE_BYTES },
): AsyncGenerator<HistoryPiece> {
  let whole: Uint8Array[] = []
  let wholeBytes = 0
  let open: Uint8Array[] = []
  let openBytes = 0
  let firstLine = 1
  let line = 1
  const endLine = (): void => {
    if (openBytes > maxBytes.line) onSkipped({ line, bytes: openBytes })
    else if (openBytes > 0) whole.push(...open)
    // An empty piece of text stands in for a line that was left out, so that the numbers of those after it stay right.
    whole.push(NEW_LINE)
    wholeBytes += 1 + (openBytes > maxBytes.line ? 0 : openBytes)
    open = []
    openBytes = 0
    line += 1
  }
  const taken = (): HistoryPiece => {
    const piece = { bytes: joined(whole, wholeBytes), firstLine }
    whole = []
    wholeBytes = 0
    firstLine = line
    return piece
  }
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length;) {
      const found = chunk.indexOf(LINE_FEED, from)
      const to = found === -1 ? chunk.length : found
      openBytes += to - from
      if (openBytes <= maxBytes.line) open.push(chunk.subarray(from, to))
      else open = []
      from = to + 1
      if (found === -1) break
      endLine()
      if (wholeBytes >= maxBytes.piece) yield taken()
    }
  }
  if (openBytes > 0) endLine()
  if (wholeBytes > 0) yield taken()
}

const NEW_LINE = Uint8Array.of(LINE_FEED)

function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(bytes)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
