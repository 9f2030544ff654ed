import { inert } from '../render/inert.ts'
import type { Verdict } from '../verify/index.ts'

/** One line for each fault that a verifier found, how many more there are, and one line for each kind of consequence. */
export function problemLines({ problems, problemsTotal, consequences }: Verdict<unknown>): string {
  const faults = problems.filter(({ follows }) => follows === undefined)
  const following = [...consequences]
  const rest = following.reduce((left, [, count]) => left - count, problemsTotal - faults.length)
  return [
    ...faults.map(({ where, what }) => `  ${inert(where)}: ${inert(what)}\n`),
    rest > 0 ? `  and ${rest} more\n` : '',
    ...following.map(([follows, count]) => `  and ${count} ${inert(follows)}\n`),
  ].join('')
}
