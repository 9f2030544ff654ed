/**
 * Captured text for a document that somebody opens: what could not be seen is shown by its number, and what a viewer would make
 * a link of is none. Nothing is removed. One line.
 */
export function inertText(text: string): string {
  return text
    .replaceAll(
      HIDDEN,
      (character) => `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`,
    )
    .replaceAll('://', '[:]//')
    .replaceAll(/\bwww\./gi, 'www[.]')
    .replaceAll('@', '[at]')
}

/** Controls, bidirectional overrides, invisible and tag characters; the two that follow ordinary emoji are left. */
const HIDDEN =
  /(?![\uFE0E\uFE0F])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu
