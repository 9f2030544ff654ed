import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Tests that a page names as the proof of what it says. */
export type Proof = {
  /** Line of the page, from 1. */
  readonly line: number
  /** Path from the top of the repository. */
  readonly file: string
  /** What the page quotes of their titles; the parts that a title computes may be left out at either end. */
  readonly titles: readonly string[]
}

/** Code spans that name a test, the quotes behind them, and what ends the list of one: another code span, or the cell. */
const TOKENS = /`([^`]+)`|"((?:[^"\\]|\\.)+)"|(?<!\\)\|/g
const TEST_FILE = /\.test\.tsx?$/
/** Shorter quotes are found in any file, and prove nothing. */
const SHORTEST_TITLE = 12
const RELATIVE_IMPORT = /from '(\.{1,2}\/[^']+\.tsx?)'/g

/** The tests that a Markdown page names: a code span with the path of a test, and behind it titles in double quotes. */
export function proofsIn(markdown: string): readonly Proof[] {
  return markdown.split('\n').flatMap((text, index) => {
    const found: { readonly line: number; readonly file: string; readonly titles: string[] }[] = []
    let current: string[] | undefined
    for (const [, code, quoted] of text.matchAll(TOKENS)) {
      if (quoted !== undefined) current?.push(withoutEscapes(quoted))
      else if (code !== undefined && TEST_FILE.test(code))
        found.push({ line: index + 1, file: code, titles: (current = []) })
      else current = undefined
    }
    return found
  })
}

/** Markdown's own escapes, which are no part of a title. */
function withoutEscapes(text: string): string {
  return text.replaceAll(/\\([^a-z0-9\s])/g, '$1')
}

/** What is wrong with a proof below `root`: that its file is not there, or has no test of such a title; empty where it holds. */
export function faultsOf({ file, titles, line }: Proof, root: string): readonly string[] {
  if (!existsSync(join(root, file))) return [`line ${line}: there is no ${file}`]
  if (titles.length === 0) return [`line ${line}: no title of ${file} is named`]
  const source = sourceOf(join(root, file))
  return titles
    .filter((title) => title.length < SHORTEST_TITLE || !source.includes(title))
    .map((title) => `line ${line}: ${file} has no test "${title}"`)
}

/**
 * The text of a test file and of what it imports beside it, where suites stand that are run at two scales. Titles are
 * looked for as they are written: how a file names its `test`, and what a title computes, is its own affair.
 */
function sourceOf(file: string, depth = 2): string {
  if (!existsSync(file)) return ''
  const source = readFileSync(file, 'utf8').replaceAll("\\'", "'")
  if (depth === 0) return source
  const imported = [...source.matchAll(RELATIVE_IMPORT)].map(([, path = '']) => path)
  return [source, ...imported.map((path) => sourceOf(join(dirname(file), path), depth - 1))].join('\n')
}
