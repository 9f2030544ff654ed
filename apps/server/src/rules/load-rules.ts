import type { CompiledRules, RuleProblem, RuleSource } from '@holdfast/detect'
import { readRuleFolder, SHIPPED_RULES } from './read-folder.ts'

/** Files of the rules that a server judges by, and what is wrong with their folders. */
export type RuleFiles = { readonly sources: readonly RuleSource[]; readonly problems: readonly RuleProblem[] }

/** How many of them are rules, what is wrong with the others, and what was cut. */
export type RuleReport = {
  readonly count: number
  readonly problems: readonly RuleProblem[]
  readonly notes: readonly RuleProblem[]
}

/** The rules that ship, with those of `folder` beside them: one of the same name stands in the place of the one that ships. */
export function readRules(folder: string | undefined): RuleFiles {
  const own = folder === undefined ? { sources: [], problems: [] } : readRuleFolder(folder)
  const named = new Set(own.sources.map(({ name }) => name))
  const shipped = readRuleFolder(SHIPPED_RULES)
  const sources = [...shipped.sources.filter(({ name }) => !named.has(name)), ...own.sources]
  return { sources, problems: [...shipped.problems, ...own.problems] }
}

export function reportOf({ rules, problems, notes }: CompiledRules): RuleReport {
  return { count: rules.rules.filter(({ isReported }) => isReported).length, problems, notes }
}

/** Says which rule files are refused and what was cut; each is one line. */
export function tellRules(
  { problems, notes, count }: RuleReport,
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
