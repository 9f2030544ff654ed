import type { RuleProblem } from '@holdfast/detect'

/** What a command of rules gives: data for standard output, talk for standard error, and how it ends. */
export type Report = {
  readonly text: string
  readonly json: unknown
  /** The form in which a pipeline reads it, where it has one: SARIF of problems in files, JUnit of what was tried. */
  readonly pipeline?: { readonly sarif: object } | { readonly junit: string }
  readonly talk: string
  /** 0 done, 1 a check failed, 3 some were refused, 4 not found, 6 in the way. */
  readonly exit: 0 | 1 | 3 | 4 | 6
}

/** `file:line:column: message`, as compilers say it. */
export function problemLines(problems: readonly RuleProblem[]): string {
  return problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${inert(message)}\n`).join('')
}

/** Text of rule files as a terminal may show it. */
export function inert(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, ' ')
}

export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

/** How a command ends whose rules were read: 4 where a path that was named is not there. */
export function exitOf({ isMissing }: { readonly isMissing: boolean }, isSound: boolean): 0 | 1 | 4 {
  if (isMissing) return 4
  return isSound ? 0 : 1
}
