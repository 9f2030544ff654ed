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

/**
 * Words of ours with what they quote in its places: `ours`, written before a template, makes them. Commands are renamed in what
 * stands in the template and nowhere else, when and where it is printed: what is quoted may be captured, and stays as it is.
 */
export class OwnWords {
  readonly #parts: readonly string[]
  readonly #quoted: readonly Quoted[]

  constructor(parts: readonly string[], quoted: readonly Quoted[]) {
    this.#parts = parts
    this.#quoted = quoted
  }

  /** As text, with commands as they are to be called. */
  as(program: string | undefined): string {
    return this.#parts
      .map((part, at) => {
        const quoted = this.#quoted[at] ?? ''
        return asCalled(part, program) + (typeof quoted === 'string' ? quoted : wordsAs(quoted, program))
      })
      .join('')
  }
}

type Quoted = string | number | OwnWords

/** See {@link OwnWords}. What is quoted must be inert already. */
export function ours(parts: TemplateStringsArray, ...quoted: readonly Quoted[]): OwnWords {
  return new OwnWords(parts, quoted)
}

/** Words as text; those that are not marked as ours stay as they are. */
export function wordsAs(words: Quoted, program: string | undefined): string {
  return words instanceof OwnWords ? words.as(program) : String(words)
}

/**
 * A remedy of the server's, in which a command stands in backticks, as it is to be called. What a remedy quotes of others has
 * none of those.
 */
export function remedyAs(remedy: string, program: string | undefined): string {
  return remedy.replaceAll(/`[^`]*`/g, (typed) => (typed.startsWith('`holdfast ') ? asCalled(typed, program) : typed))
}

/** A part of a template, in which commands are named as `holdfast COMMAND`, with what they are to be called as. */
function asCalled(words: string, program: string | undefined): string {
  return program === undefined || program === 'holdfast' ? words : words.replaceAll(COMMAND, () => `${program} `)
}

const NAMES = Object.keys(ROOT_COMMANDS).map((name) =>
  name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
)
/** The program and one of its commands; a folder or a package of that name is neither. */
const COMMAND = new RegExp(`(?<![\\w./@-])holdfast (?=(?:${NAMES.join('|')})\\b)`, 'g')
