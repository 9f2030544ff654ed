import { inert } from '../render/inert.ts'
import type { Verdict } from '../verify/index.ts'

/** One line for each thing that a verifier found wrong, and how many more there are. */
export function problemLines({ problems, problemsTotal }: Verdict<unknown>): string {
  const lines = problems.map(({ where, what }) => `  ${inert(where)}: ${inert(what)}\n`)
  const rest = problemsTotal - problems.length
  return `${lines.join('')}${rest > 0 ? `  and ${rest} more\n` : ''}`
}
