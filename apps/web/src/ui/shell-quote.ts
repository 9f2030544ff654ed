import { inertLine } from '../text/inert.ts'

/** One word of a POSIX shell, whatever the text holds: captured ids end up in commands that people paste. */
export function shellWord(text: string): string {
  const line = inertLine(text, 600)
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(line) ? line : `'${line.replaceAll("'", `'\\''`)}'`
}
