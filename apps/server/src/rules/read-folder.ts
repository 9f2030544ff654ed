import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { RuleProblem, RuleSource } from '@holdfast/detect'
import { RULE_DATA_BYTES, RULE_FILE_BYTES, RULE_FILES } from './limits.ts'

/** The rules that ship, beside the packages and programs. */
export const SHIPPED_RULES = join(import.meta.dirname, '../../../../rules')

/** Data that a rule is tried on, as the files beside it hold it; empty where there is none. */
export type RuleData = { readonly match: string; readonly noMatch: string }

export type RuleFolder = {
  readonly sources: readonly RuleSource[]
  /** By the rule's name. */
  readonly data: ReadonlyMap<string, RuleData>
  readonly problems: readonly RuleProblem[]
  /** Nothing stands at the path. */
  readonly isMissing: boolean
}

/**
 * Reads a folder of rules: one folder a rule with `rule.yml`, or rule files `<name>.yml` in it, or a folder of one rule; or one
 * rule file, a `rule.yml` with the data beside it. A file that cannot be read is a problem, and the others count.
 */
export function readRuleFolder(folder: string): RuleFolder {
  const sources: RuleSource[] = []
  const data = new Map<string, RuleData>()
  const problems: RuleProblem[] = []
  const told = (file: string, message: string): void => void problems.push({ file, line: 1, column: 1, message })
  const add = (name: string, file: string): void => {
    const text = textOf(file, RULE_FILE_BYTES)
    if (sources.length >= RULE_FILES) told(file, `more than ${RULE_FILES} rule files`)
    else if (text === undefined) told(file, `it cannot be read, or has more than ${RULE_FILE_BYTES} bytes`)
    else sources.push({ name, file, text })
  }
  const addFolder = (name: string, path: string): void => {
    add(name, join(path, 'rule.yml'))
    data.set(name, {
      match: textOf(join(path, 'match.jsonl'), RULE_DATA_BYTES) ?? '',
      noMatch: textOf(join(path, 'no-match.jsonl'), RULE_DATA_BYTES) ?? '',
    })
  }
  const kind = kindOf(folder)
  const names = namesIn(folder)
  if (kind === 'missing') told(folder, 'there is no such file or folder')
  else if (kind === 'file' && basename(folder) === 'rule.yml') addFolder(basename(dirname(folder)), dirname(folder))
  else if (kind === 'file') add(basename(folder).replace(/\.ya?ml$/, ''), folder)
  else if (names === undefined) told(folder, 'it cannot be read')
  else if (names.includes('rule.yml')) addFolder(basename(folder), folder)
  else
    for (const name of names) {
      const path = join(folder, name)
      if (namesIn(path)?.includes('rule.yml') === true) addFolder(name, path)
      else if (/\.ya?ml$/.test(name)) add(name.replace(/\.ya?ml$/, ''), path)
    }
  if (sources.length === 0 && problems.length === 0) told(folder, 'no rule is there')
  return { sources, data, problems, isMissing: kind === 'missing' }
}

function kindOf(path: string): 'folder' | 'file' | 'missing' {
  try {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined) return 'missing'
    return found.isDirectory() ? 'folder' : 'file'
  } catch {
    // It stands behind a folder that may not be entered: the caller says that it cannot be read.
    return 'folder'
  }
}

function namesIn(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder).toSorted()
  } catch {
    // No folder, or one that may not be read: the caller says so.
    return undefined
  }
}

function textOf(file: string, bytes: number): string | undefined {
  try {
    return statSync(file).size > bytes ? undefined : readFileSync(file, 'utf8')
  } catch {
    // Not there, or not to be read: the caller says so where it matters.
    return undefined
  }
}
