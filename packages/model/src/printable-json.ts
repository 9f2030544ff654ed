import { visibleText } from './visible-text.ts'

/**
 * JSON that is safe to print and to paste: the same value, with every character that a terminal could obey or hide written as
 * an escape (JSON.stringify escapes C0 only).
 */
export function printableJson(value: unknown, indent?: number): string {
  return visibleText(JSON.stringify(value, undefined, indent) ?? 'null', escapeOf)
}

/** Line feeds are the indentation of JSON.stringify: those of the value are escaped already. */
function escapeOf(code: number): string {
  if (code === 0x0a) return '\n'
  const character = String.fromCodePoint(code)
  return Array.from({ length: character.length }, (_, i) => `\\u${hex(character.charCodeAt(i))}`).join('')
}

function hex(unit: number): string {
  return unit.toString(16).padStart(4, '0')
}
