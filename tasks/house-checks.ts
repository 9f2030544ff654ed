import { installed, runStep, type Step } from './step.ts'

const STEPS: readonly Step[] = [
  { name: 'format (oxfmt)', args: [installed('oxfmt/bin/oxfmt'), '--check', '.'] },
  { name: 'lint (oxlint)', args: [installed('oxlint/bin/oxlint'), '--deny-warnings'] },
  { name: 'types (tsc)', args: [installed('typescript/bin/tsc'), '--build'] },
  { name: 'unused code (knip)', args: [installed('knip/bin/knip.js'), '--no-progress'] },
]

/** Format, lint, types and unused code; the names of those that failed. All run, so that one run tells everything. */
export async function runHouseChecks(): Promise<readonly string[]> {
  const failed: string[] = []
  for (const step of STEPS) if (!(await runStep(step))) failed.push(step.name)
  return failed
}
