import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'oxc-parser'
import { checkSync } from 'recheck'

// The checker in plain JavaScript: the same on every machine, with no program beside it. It is read when a check begins.
process.env['RECHECK_BACKEND'] = 'pure'

/** A regular expression as it stands in a source file; `line` counts from 1. */
export type Pattern = { readonly file: string; readonly line: number; readonly source: string; readonly flags: string }

/** Folders whose code reads what somebody captured: native patterns there must not be slow on any text. */
const READS_CAPTURED = ['packages/capture/src', 'packages/detect/src']

/** Every regular expression literal of the product's code in those folders, in the order of files. */
export function patternsOf(root: string): readonly Pattern[] {
  return READS_CAPTURED.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }))
    .filter((file) => !file.endsWith('.test.ts') && !file.includes('/testing/'))
    .toSorted()
    .flatMap((file) => patternsIn(file, readFileSync(join(root, file), 'utf8')))
}

/** The literals of one file, found by its syntax and not by their looks. */
export function patternsIn(file: string, text: string): readonly Pattern[] {
  const found: Pattern[] = []
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if ('regex' in node && 'start' in node && typeof node.start === 'number') {
      const { pattern, flags } = node.regex as { readonly pattern: string; readonly flags: string } // a literal of the parser has both
      found.push({ file, line: text.slice(0, node.start).split('\n').length, source: pattern, flags })
      return
    }
    for (const child of Object.values(node)) visit(child)
  }
  visit(parseSync(file, text).program)
  return found
}

/**
 * Patterns that take longer than linear time on some text, each as `file:line /pattern/ degree`. What is not decided within the time is
 * not called slow; what was reviewed is left out.
 */
export function slowPatterns(
  patterns: readonly Pattern[],
  { timeoutMs, reviewed }: { readonly timeoutMs: number; readonly reviewed: ReadonlyMap<string, string> },
): readonly string[] {
  const distinct = new Map(patterns.map((one) => [`/${one.source}/${one.flags}`, one]))
  return [...distinct].flatMap(([written, { file, line, source, flags }]) => {
    if (reviewed.has(source)) return []
    const found = checkSync(source, flags, { timeout: timeoutMs })
    return found.status === 'vulnerable' ? [`${file}:${line} ${written} ${found.complexity.type}`] : []
  })
}
