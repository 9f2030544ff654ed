import { codePointMark, visibleText } from '@holdfast/model'

/**
 * Captured text for a document that somebody opens: what could not be seen is shown by its number, and what a viewer would make
 * a link of is none. Nothing is removed. One line.
 */
export function inertText(text: string): string {
  return visibleText(text, codePointMark)
    .replaceAll('://', '[:]//')
    .replaceAll(/\bwww\./gi, 'www[.]')
    .replaceAll('@', '[at]')
}
