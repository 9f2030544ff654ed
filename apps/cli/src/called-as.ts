import { basename, delimiter, join, relative } from 'node:path'
import { shellWord } from '@holdfast/model'
import { ROOT_COMMANDS } from './command-table.ts'

/** How this program was called, so that a command that it prints can be pasted. */
export type Call = {
  readonly env: Readonly<Record<string, string | undefined>>
  /** What Node was told to run, as it was written: a link of a package manager, or the file itself. */
  readonly script: string
  readonly cwd: string
  readonly isFile: (path: string) => boolean
}

/** What goes before the arguments of a command that works where this one did. */
export function calledAs({ env, script, cwd, isFile }: Call): string {
  // A checkout puts nothing on the path: npm does, for what it runs.
  if (env['npm_package_name'] === 'holdfast-workspace') return 'npm run -s holdfast --'
  if (basename(script) !== 'holdfast') return 'holdfast'
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  if (folders.some((folder) => isFile(join(folder, 'holdfast')))) return 'holdfast'
  const path = relative(cwd, script)
  return shellWord(path.startsWith('..') ? script : `./${path}`)
}

/** Words of ours in which commands are named as `holdfast COMMAND`, with what they are to be called as. Not for captured text. */
export function asCalled(words: string, program: string | undefined): string {
  return program === undefined || program === 'holdfast' ? words : words.replaceAll(COMMAND, () => `${program} `)
}

const NAMES = Object.keys(ROOT_COMMANDS).map((name) =>
  name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
)
/** The program and one of its commands; a folder or a package of that name is neither. */
const COMMAND = new RegExp(`(?<![\\w./@-])holdfast (?=(?:${NAMES.join('|')})\\b)`, 'g')
