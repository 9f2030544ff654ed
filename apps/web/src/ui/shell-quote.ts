import { shellWord as word } from '@holdfast/model'
import { inertLine } from '../text/inert.ts'

/** One word of a shell command that people copy: marked where a terminal would act on it, and quoted. */
export function shellWord(text: string): string {
  return word(inertLine(text, 600))
}
