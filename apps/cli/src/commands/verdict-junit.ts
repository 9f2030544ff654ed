import { junitText } from '@holdfast/model'
import type { Verdict } from '../verify/index.ts'

/** A verdict for a pipeline: one case, which fails with every problem that is named. */
export function verdictJunit(command: string, what: string, { ok, problems, problemsTotal }: Verdict<unknown>): string {
  const lines = problems.map(({ where, what: problem }) => `${where}: ${problem}`)
  const more = problemsTotal - problems.length
  const found = ok
    ? []
    : [
        {
          kind: 'failure',
          message: lines[0] ?? 'it is not intact',
          lines: [...lines, ...(more > 0 ? [`and ${more} more`] : [])],
        } as const,
      ]
  return junitText({ name: `holdfast ${command}`, suite: command, cases: [{ name: what, group: command, found }] })
}
