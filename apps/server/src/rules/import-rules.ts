import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { compileRules, fromSigma, type RuleProblem } from '@holdfast/detect'
import { RULE_FILE_BYTES, RULE_FILES } from './limits.ts'
import { SHIPPED_RULES, readRuleFolder } from './read-folder.ts'
import { count, problemLines, type Report } from './report.ts'

/**
 * Reads rule files of Sigma and writes those that can be read here as `<out>/<name>/rule.yml`. What cannot is refused with its
 * reason and its place; the others are taken. Ends with 3 where one was refused.
 */
export function importRules(
  paths: readonly string[],
  { out, force }: { readonly out: string; readonly force: boolean },
): Report {
  const files = paths.flatMap((path) => filesUnder(path))
  if (files.length === 0)
    return { text: '', json: { read: 0, taken: [], refused: [] }, talk: 'no rule file is there\n', exit: 4 }
  const refused: RuleProblem[] = []
  const taken: { readonly name: string; readonly file: string }[] = []
  const shipped = readRuleFolder(SHIPPED_RULES).sources
  for (const file of files) {
    const text = textOf(file)
    const imported = text === undefined ? undefined : fromSigma({ file, text })
    if (imported === undefined)
      refused.push({ file, line: 1, column: 1, message: `it has more than ${RULE_FILE_BYTES} bytes` })
    else if (imported.kind === 'refused') refused.push(...imported.problems)
    else {
      const name = nameOf(file)
      const { problems } = compileRules([
        ...shipped.filter((other) => other.name !== name),
        { name, file, text: imported.text },
      ])
      const own = problems.filter((problem) => problem.file === file)
      const path = join(out, name, 'rule.yml')
      if (own.length > 0) refused.push(...own)
      else if (existsSync(path) && !force)
        refused.push({ file, line: 1, column: 1, message: `${path} is there already: --force replaces it` })
      else {
        mkdirSync(join(out, name), { recursive: true })
        writeFileSync(path, imported.text)
        taken.push({ name, file: path })
      }
    }
  }
  const refusedFiles = new Set(refused.map(({ file }) => file))
  return {
    text: taken.map(({ file }) => `${file}\n`).join(''),
    json: { read: files.length, taken, refused },
    talk: `${problemLines(refused)}${count(files.length, 'file')} read, ${taken.length} taken, ${refusedFiles.size} refused\n`,
    exit: refusedFiles.size === 0 ? 0 : 3,
  }
}

/** A name for a folder and a detector. */
function nameOf(file: string): string {
  const base = basename(file, extname(file))
  const own = base === 'rule' ? basename(join(file, '..')) : base
  return (
    own
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'rule'
  )
}

function filesUnder(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path]
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.ya?ml$/.test(name))
      .toSorted()
      .slice(0, RULE_FILES)
      .map((name) => join(path, name))
  } catch {
    // Not there, or not to be read: told as no file.
    return []
  }
}

function textOf(file: string): string | undefined {
  return statSync(file).size > RULE_FILE_BYTES ? undefined : readFileSync(file, 'utf8')
}
