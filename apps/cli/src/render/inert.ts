import { visibleText } from '@holdfast/model'

/** Captured text made safe to print: see {@link visibleText}. The result holds one line. */
export function inert(text: string): string {
  return visibleText(text)
}

/** {@link inert} for a text that may span lines: line ends stay, and tabs become spaces. */
export function inertBlock(text: string): string {
  return text
    .split(/\r\n|\n/)
    .map((line) => inert(line.replaceAll('\t', '    ')))
    .join('\n')
}
