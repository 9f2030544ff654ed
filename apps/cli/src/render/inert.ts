/**
 * Captured text made safe to print: control characters (and with them every terminal escape), bidirectional overrides,
 * invisible and tag characters become visible marks. Nothing is removed, so what an attacker hid is seen; letters,
 * digits, punctuation and emoji stay as they are. The result holds one line.
 */
export function inert(text: string): string {
  return text.replaceAll(HOSTILE, mark)
}

/** {@link inert} for a text that may span lines: line ends stay, and tabs become spaces. */
export function inertBlock(text: string): string {
  return text
    .split(/\r\n|\n/)
    .map((line) => inert(line.replaceAll('\t', '    ')))
    .join('\n')
}

/**
 * Cc holds C0, DEL and C1 (U+009B begins a sequence in some terminals), Cf bidirectional controls and tags, Cs lone
 * surrogates, DI whatever a font may draw as nothing, such as variation selectors that smuggle bytes. U+FE0E and U+FE0F
 * are left: they follow ordinary emoji and carry one bit.
 */
const HOSTILE =
  /(?![\uFE0E\uFE0F])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu

function mark(character: string): string {
  const code = character.codePointAt(0) ?? 0
  // Unicode has pictures of the C0 controls and of DEL: one column each, and known to every terminal font.
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
}
