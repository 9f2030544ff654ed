/** A part of a remedy: words, or what is typed or set just so. */
export type RemedyPart = { readonly kind: 'words' | 'code'; readonly text: string }

/**
 * A remedy is a sentence: what is in backticks, and a setting such as `OTEL_TRACES_SAMPLER=always_on`, is to be typed as it
 * stands. A text that begins with a program which no sentence begins with is a command as a whole.
 */
export function remedyParts(text: string): readonly RemedyPart[] {
  if (WHOLE.test(text)) return [{ kind: 'code', text }]
  return text
    .split(CODE)
    .map((piece, at): RemedyPart =>
      at % 2 === 1 ? { kind: 'code', text: asCalled(unticked(piece)) } : { kind: 'words', text: unticked(piece) },
    )
    .filter((part) => part.text !== '')
}

const WHOLE = /^(?:kubectl|curl) [^`]+$/
/**
 * Neither part repeats what the other matches: whatever the text, it is looked through once. A colon that something
 * follows belongs to the value, as in an address; one before a blank ends the clause.
 */
const CODE = /(`[^`]{1,600}`|\b[A-Z][A-Z0-9]{1,40}(?:_[A-Z0-9]{1,40}){1,12}=(?:[^\s,;:)]|:(?=\S)){1,200})/

/** A command of this program as every other on the pages: as it is typed in a checkout. */
function asCalled(code: string): string {
  return code.replace(/^holdfast (?=[a-z])/, 'npm run -s holdfast -- ')
}

function unticked(piece: string): string {
  return piece.startsWith('`') && piece.endsWith('`') && piece.length > 1 ? piece.slice(1, -1) : piece
}
