import { proposeCompletions } from '@stricli/core'
import { ROOT_COMMANDS, type RootCommand } from '../../command-table.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'

/** Prints what may stand for the last word, one a line. Nothing is no fault: a shell has its own proposals. */
export async function proposeWords(this: CliContext, _flags: object, ...words: readonly string[]): Promise<void> {
  // Loaded here, because the table of all commands holds this one.
  const { appFor } = await import('../../app.ts')
  const proposals = await proposeCompletions(await appFor(words), words.length === 0 ? [''] : words, this)
  const below = await wordsOfGroup(words)
  const shown = new Set([...below, ...proposals.map(({ completion }) => completion)].filter(isOneWord))
  if (shown.size > 0) this.stdout.write(`${[...shown].join('\n')}\n`)
}

/**
 * The words of a group that has a command of its own too: `drift` takes an agent as well as `list`, and what proposes
 * completions asks that command alone.
 */
async function wordsOfGroup([root, ...more]: readonly string[]): Promise<readonly string[]> {
  const partial = more.pop()
  const entry = Object.entries<RootCommand>(ROOT_COMMANDS).find(([name]) => name === root)?.[1]
  if (entry === undefined || partial === undefined) return []
  let target: Awaited<ReturnType<RootCommand['load']>> | undefined = await entry.load()
  for (const word of more)
    target = target !== undefined && 'getAllEntries' in target ? target.getRoutingTargetForInput(word) : undefined
  if (target === undefined || !('getAllEntries' in target)) return []
  return target
    .getAllEntries()
    .filter(({ hidden }) => !hidden)
    .map(({ name }) => name['convert-camel-to-kebab'])
    .filter((name) => name.startsWith(partial))
}

/** A name that a sender chose may hold anything; what a shell would read as more than a word is not proposed to it. */
function isOneWord(text: string): boolean {
  return inert(text) === text && /^[\w./:@+~,=-]+$/.test(text)
}
