import { join, dirname } from 'node:path'
import type { RuleFacts, RuleProblem } from '@holdfast/detect'
import { sarifOf } from './pipeline-forms.ts'
import { readRules } from './read-folders.ts'
import { count, exitOf, problemLines, type Report } from './report.ts'

/** What is wrong with rule files, and what they lack to be relied on. Ends with 1 where there is anything, with 4 where a path is none. */
export function lintRules(folders: readonly string[]): Report {
  const { rules, sources, data, problems, notes, isMissing } = readRules(folders)
  const lacking = rules.rules.filter(({ isReported }) => isReported).flatMap(lackOf)
  const untested = sources.flatMap(({ name, file }): readonly RuleProblem[] => {
    const beside = data.get(name)
    return [
      ...(beside?.match.trim() ? [] : [told(join(dirname(file), 'match.jsonl'), 'a rule has data that it finds')]),
      ...(beside?.noMatch.trim()
        ? []
        : [told(join(dirname(file), 'no-match.jsonl'), 'a rule has data that it does not find')]),
    ]
  })
  const found = [...problems, ...notes, ...lacking, ...untested]
  return {
    text: `${problemLines(found)}${count(sources.length, 'rule file')}, ${count(found.length, 'problem')}\n`,
    json: { ok: found.length === 0, files: sources.length, problems: found },
    pipeline: { sarif: sarifOf(found, process.cwd()) },
    talk: '',
    exit: exitOf({ isMissing }, found.length === 0),
  }
}

function lackOf({ file, name, id, description, tags, status }: RuleFacts): readonly RuleProblem[] {
  const missing = [
    ...(id === undefined ? ['id'] : []),
    ...(description === undefined ? ['description'] : []),
    ...(status === undefined ? ['status'] : []),
    ...(tags.length === 0 ? ['tags'] : []),
  ]
  const noYear = tags.filter((tag) => tag.startsWith('owasp.') && !/-20\d\d$/.test(tag))
  return [
    ...(missing.length === 0 ? [] : [told(file, `rule ${name} has no ${missing.join(', ')}`)]),
    ...noYear.map((tag) => told(file, `tag ${tag} names no year: owasp.asi01-2026`)),
  ]
}

function told(file: string, message: string): RuleProblem {
  return { file, line: 1, column: 1, message }
}
