import { compileRules, type CompiledRules, type RuleProblem, type RuleSource } from '@holdfast/detect'
import { readRuleFolder, type RuleData, SHIPPED_RULES } from './read-folder.ts'

export type ReadRules = CompiledRules & {
  readonly sources: readonly RuleSource[]
  readonly data: ReadonlyMap<string, RuleData>
  readonly problems: readonly RuleProblem[]
  /** A path that was named is not there. */
  readonly isMissing: boolean
}

/**
 * Rules of these folders; of those that ship where none is named. A correlation may refer to a rule that ships, so those stand
 * behind, and problems are told of the named folders alone.
 */
export function readRules(folders: readonly string[]): ReadRules {
  const read = (folders.length === 0 ? [SHIPPED_RULES] : folders).map((folder) => readRuleFolder(folder))
  const sources = read.flatMap((one) => one.sources)
  const compiled = compileRules(sources)
  return {
    ...compiled,
    sources,
    data: new Map(read.flatMap((one) => [...one.data])),
    problems: [...read.flatMap((one) => one.problems), ...compiled.problems],
    isMissing: read.some((one) => one.isMissing),
  }
}
