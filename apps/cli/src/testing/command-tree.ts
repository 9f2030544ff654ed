import { type Command, type RouteMap } from '@stricli/core'
import { ROOT_COMMANDS, type RootCommand } from '../command-table.ts'
import type { CliContext } from '../context.ts'

/** A command that does something. */
export type Leaf = {
  /** As it is typed, without `holdfast`. */
  readonly words: readonly string[]
  readonly command: Command<CliContext>
  /** Long flags in the form that is typed, without dashes. */
  readonly flags: readonly string[]
}

/** Every command that help shows, those of groups included, in the order of the help. */
export async function commandTree(): Promise<readonly Leaf[]> {
  const roots = await Promise.all(
    Object.entries<RootCommand>(ROOT_COMMANDS).map(async ([name, { load }]) => leavesOf(await load(), [kebab(name)])),
  )
  return roots.flat()
}

function leavesOf(target: Command<CliContext> | RouteMap<CliContext>, words: readonly string[]): readonly Leaf[] {
  if (!('getAllEntries' in target)) {
    return [{ words, command: target, flags: Object.keys(target.parameters.flags ?? {}).map(kebab) }]
  }
  return target
    .getAllEntries()
    .filter(({ hidden }) => !hidden)
    .flatMap(({ name, target: below }) => leavesOf(below, [...words, name['convert-camel-to-kebab']]))
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** The lines that a help gives as examples, without the one that asks for help itself. */
export function examplesOf(help: string): readonly string[] {
  const [usage = ''] = help.split('\n\n')
  return usage
    .split('\n')
    .filter((line) => line.startsWith('  holdfast ') && !line.endsWith(' --help'))
    .map((line) => line.trim())
}
