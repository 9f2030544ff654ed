/** Columns that a text takes in a terminal, close enough to align tables: East Asian wide and emoji count two. */
export function widthOf(text: string): number {
  let columns = 0
  for (const character of text) columns += ZERO.test(character) ? 0 : WIDE.test(character) ? 2 : 1
  return columns
}

/** Cuts to a number of columns; a cut text ends with `…`. */
export function clip(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let kept = ''
  let used = 0
  for (const character of text) {
    const next = used + widthOf(character)
    if (next > columns - 1) break
    kept += character
    used = next
  }
  return `${kept}…`
}

/** Fills with spaces up to a number of columns. */
export function pad(text: string, columns: number, side: 'left' | 'right' = 'right'): string {
  const fill = ' '.repeat(Math.max(0, columns - widthOf(text)))
  return side === 'left' ? fill + text : text + fill
}

const ZERO = /^[\p{Mn}\p{Me}\uFE0E\uFE0F]$/u
const WIDE =
  /^[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303E\uFF01-\uFF60\uFFE0-\uFFE6]$/u
