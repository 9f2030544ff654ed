/**
 * Captured text made safe to send on: control characters, bidirectional overrides, invisible and tag characters become
 * visible marks, no text becomes a link by itself, and the result is one line of at most `atMost` characters.
 */
export function inertLine(text: string, atMost: number): string {
  const line = text
    .slice(0, atMost * 2)
    .replaceAll(HOSTILE, mark)
    .replaceAll('://', '[:]//')
  return line.length <= atMost ? line : `${wellFormed(line.slice(0, atMost - 1))}…`
}

const HOSTILE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu

function mark(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code === 0x0a || code === 0x0d || code === 0x09) return ' '
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
}

/** A cut may leave half of a pair. */
function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.slice(0, -1)
}
