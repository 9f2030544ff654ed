/**
 * JSON that is safe to print: the same value, with every character that a terminal could obey or hide written as an
 * escape (JSON.stringify escapes C0 only).
 */
export function jsonText(value: unknown, indent?: number): string {
  return (JSON.stringify(value, undefined, indent) ?? 'null').replaceAll(OBEYED, (character) =>
    character === '\n'
      ? character
      : Array.from({ length: character.length }, (_, i) => `\\u${hex(character.charCodeAt(i))}`).join(''),
  )
}

function hex(unit: number): string {
  return unit.toString(16).padStart(4, '0')
}

/** After JSON.stringify line feeds are its own indentation; no other control character is left but DEL and C1. */
const OBEYED = /(?![\uFE0E\uFE0F])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu
