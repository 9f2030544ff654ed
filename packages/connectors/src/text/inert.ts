import { codePointMark, visibleText } from '@holdfast/model'

/**
 * Captured text made safe to send on: control characters, bidirectional overrides, invisible and tag characters become
 * visible marks, no text becomes a link by itself, and the result is one line of at most `atMost` characters.
 */
export function inertLine(text: string, atMost: number): string {
  const line = visibleText(text.slice(0, atMost * 2), mark).replaceAll('://', '[:]//')
  return line.length <= atMost ? line : `${wellFormed(line.slice(0, atMost - 1))}…`
}

/** Ends of lines and tabs are ordinary in what people write. */
function mark(code: number): string {
  return code === 0x0a || code === 0x0d || code === 0x09 ? ' ' : codePointMark(code)
}

/** A cut may leave half of a pair. */
function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.slice(0, -1)
}
