import { proposeCompletions } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'

/** Prints what may stand for the last word, one a line. Nothing is no fault: a shell has its own proposals. */
export async function proposeWords(this: CliContext, _flags: object, ...words: readonly string[]): Promise<void> {
  // Loaded here, because the table of all commands holds this one.
  const { appFor } = await import('../../app.ts')
  const proposals = await proposeCompletions(await appFor(words), words.length === 0 ? [''] : words, this)
  const shown = new Set(proposals.map(({ completion }) => completion).filter(isOneWord))
  if (shown.size > 0) this.stdout.write(`${[...shown].join('\n')}\n`)
}

/** A name that a sender chose may hold anything; what a shell would read as more than a word is not proposed to it. */
function isOneWord(text: string): boolean {
  return inert(text) === text && /^[\w./:@+~,=-]+$/.test(text)
}
