/**
 * Captured text in which nothing hides: control characters (and with them every terminal escape), bidirectional overrides,
 * invisible and tag characters become marks. Nothing is removed, so what an attacker hid is seen; letters, digits,
 * punctuation and emoji stay as they are. The result holds one line unless `mark` makes lines. Untrusted text of any length:
 * takes time in proportion to it.
 */
export function visibleText(text: string, mark: (code: number) => string = pictureOf): string {
  return text.replaceAll(HIDDEN, (character) => mark(character.codePointAt(0) ?? 0))
}

/** True for what {@link visibleText} marks. */
export function isHiddenCharacter(code: number): boolean {
  return HIDDEN_ALONE.test(String.fromCodePoint(code))
}

/** `<U+202E>`: for documents whose font may have no picture of a control character. */
export function codePointMark(code: number): string {
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
}

/** Unicode has pictures of the C0 controls and of DEL: one column each, and known to every terminal font. */
function pictureOf(code: number): string {
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  return code === 0x7f ? '\u2421' : codePointMark(code)
}

/**
 * Cc holds C0, DEL and C1 (U+009B begins a sequence in some terminals), Cf bidirectional controls and tags, Zl and Zp line
 * ends that are none to a parser, Cs lone surrogates, DI whatever a font may draw as nothing, such as variation selectors
 * that smuggle bytes. U+FE0E and U+FE0F are left: they follow ordinary emoji and carry one bit.
 */
const HIDDEN =
  /(?![\uFE0E\uFE0F])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu
const HIDDEN_ALONE = new RegExp(`^${HIDDEN.source}$`, 'u')
