import { runHouseChecks } from './house-checks.ts'
import { report } from './test.ts'
import { runVitest, UNIT } from './vitest-runs.ts'

/** Format, lint, types, unused code and unit tests: what every change passes before it is shown. */
export async function check(args: readonly string[]): Promise<number> {
  const failed = await runHouseChecks()
  return report(failed, await runVitest({ ...UNIT, args: [...UNIT.args, ...args] }))
}
