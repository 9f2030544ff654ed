import { compileRules, type RuleProblem, type RuleSource } from '@holdfast/detect'
import { readRuleFolder, SHIPPED_RULES } from './read-folder.ts'

/** Rules that a server judges by, and what is wrong with the others. */
export type LoadedRules = {
  readonly sources: readonly RuleSource[]
  readonly count: number
  readonly problems: readonly RuleProblem[]
  readonly notes: readonly RuleProblem[]
}

/** The rules that ship, with those of `folder` beside them: one of the same name stands in the place of the one that ships. */
export function loadRules(folder: string | undefined): LoadedRules {
  const own = folder === undefined ? { sources: [], problems: [] } : readRuleFolder(folder)
  const named = new Set(own.sources.map(({ name }) => name))
  const shipped = readRuleFolder(SHIPPED_RULES)
  const sources = [...shipped.sources.filter(({ name }) => !named.has(name)), ...own.sources]
  const { rules, problems, notes } = compileRules(sources)
  return {
    sources,
    count: rules.rules.filter(({ isReported }) => isReported).length,
    problems: [...shipped.problems, ...own.problems, ...problems],
    notes,
  }
}

/** Says which rule files are refused and what was cut; each is one line. */
export function tellRules(
  { problems, notes, count }: LoadedRules,
  logger: {
    readonly warn: (detail: object, message: string) => void
    readonly info: (detail: object, message: string) => void
  },
): void {
  for (const { file, line, column, message } of problems)
    logger.warn({ file, line, column, reason: message }, 'a rule is refused')
  for (const { file, line, column, message } of notes)
    logger.warn({ file, line, column, reason: message }, 'a rule is cut')
  logger.info({ count }, 'rules are loaded')
}
