import { MAX_ASSEMBLED_CHARS } from '../limits.ts'

/** More pieces than these can be found in any long text. */
const MAX_PIECES = 4
const LEAST_PIECE = 3
const INSIDE = /[\p{L}\p{N}@_/-]/u

/**
 * True where a text holds an identifier in pieces: parted by blanks, or as a few words of its own that a reader is to put together. A
 * piece of another address is none. `form` and `text` in lower case; work grows with their product, and both are bounded.
 */
export function isAssembledFrom(form: string, text: string): boolean {
  const read = text.slice(0, MAX_ASSEMBLED_CHARS)
  if (form.length < 2 * LEAST_PIECE || !read.includes(form.slice(0, LEAST_PIECE))) return false
  if (/^[\p{L}\p{N}]+$/u.test(form) && spaced(form, read)) return true
  let at = 0
  for (let pieces = 0; pieces < MAX_PIECES; pieces++) {
    const length = longestPiece(form, { at, text: read })
    if (length === 0) return false
    at += length
    if (at >= form.length) return pieces > 0
  }
  return false
}

/** An account number in groups: `US13 3000 ...`. */
function spaced(form: string, text: string): boolean {
  return text.replace(/(?<=[\p{L}\p{N}]) (?=[\p{L}\p{N}])/gu, '').includes(form)
}

function longestPiece(form: string, { at, text }: { readonly at: number; readonly text: string }): number {
  for (let length = form.length - at; length >= LEAST_PIECE; length--)
    if (standsAlone(form.slice(at, at + length), text)) return length
  return 0
}

/** The piece is a word of its own somewhere: no letter or sign of an address goes on where it ends. */
function standsAlone(piece: string, text: string): boolean {
  for (let from = text.indexOf(piece); from !== -1; from = text.indexOf(piece, from + piece.length)) {
    const [before = ' ', after = ' '] = [text[from - 1], text[from + piece.length]]
    if (!INSIDE.test(before) && !INSIDE.test(after) && (before !== '.' || !INSIDE.test(text[from - 2] ?? ' ')))
      return true
  }
  return false
}
