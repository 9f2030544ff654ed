import { readRules } from './read-folders.ts'
import { exitOf, inert, problemLines, type Report } from './report.ts'

/** Every rule that is reported, with what it says of itself. */
export function listRules(folders: readonly string[]): Report {
  const { rules, problems, isMissing } = readRules(folders)
  const reported = rules.rules.filter(({ isReported }) => isReported)
  const width = Math.max(4, ...reported.map(({ name }) => name.length))
  const lines = reported.map(
    ({ name, level, template, category, title }) =>
      `${name.padEnd(width)}  ${level.padEnd(13)}  ${(category ?? 'correlation').padEnd(11)}  ${template ?? '--'}  ${inert(title)}\n`,
  )
  const head = `${'NAME'.padEnd(width)}  ${'LEVEL'.padEnd(13)}  ${'CATEGORY'.padEnd(11)}  CH  TITLE\n`
  return {
    text: reported.length === 0 ? '' : head + lines.join(''),
    json: reported.map((rule) => ({
      name: rule.name,
      id: rule.id ?? null,
      title: rule.title,
      description: rule.description ?? null,
      level: rule.level,
      kind: rule.kind,
      category: rule.category ?? null,
      tags: rule.tags,
      speaksFor: rule.speaksFor ?? null,
      strength: rule.strength,
      surface: rule.surface,
      template: rule.template ?? null,
      restates: rule.restates,
      file: rule.file,
    })),
    talk: problemLines(problems),
    exit: exitOf({ isMissing }, true),
  }
}
