import { tryRuleData, type RuleProblem } from '@holdfast/detect'
import { dirname, join } from 'node:path'
import { junitOf } from './pipeline-forms.ts'
import { readRules } from './read-folders.ts'
import { count, exitOf, problemLines, type Report } from './report.ts'

/**
 * Holds each rule against the data beside it. Ends with 1 where one differs, has no data or cannot be read, with 4 where a
 * path is not there.
 */
export function testRules(folders: readonly string[]): Report {
  const { rules, sources, data, problems, notes, isMissing } = readRules(folders)
  const refused = new Set(problems.map(({ file }) => file))
  const results = sources.map(({ name, file }) => {
    const { match, noMatch } = data.get(name) ?? { match: '', noMatch: '' }
    const faults = refused.has(file)
      ? []
      : tryRuleData(rules, { name, match, noMatch }).map((fault): RuleProblem => ({
          file: join(dirname(file), fault.file),
          line: fault.line,
          column: 1,
          message: fault.message,
        }))
    return { name, file, faults, refused: problems.filter((problem) => problem.file === file) }
  })
  const faults = results.flatMap((result) => result.faults)
  const failed = results.filter((result) => result.faults.length > 0 || result.refused.length > 0)
  const files = new Set(sources.map(({ file }) => file))
  const elsewhere = problems.filter(({ file }) => !files.has(file))
  const isSound = failed.length === 0 && problems.length === 0
  return {
    // Where there was no rule, the problems say why: "0 tried, 0 failed" would read as a success.
    text: `${problemLines([...problems, ...faults])}${results.length === 0 ? '' : `${count(results.length, 'rule')} tried, ${failed.length} failed\n`}`,
    json: {
      ok: isSound,
      tried: results.length,
      failed: failed.map(({ name }) => name),
      problems: [...problems, ...faults],
    },
    pipeline: { junit: junitOf(results, elsewhere, process.cwd()) },
    talk: problemLines(notes),
    exit: exitOf({ isMissing }, isSound),
  }
}
