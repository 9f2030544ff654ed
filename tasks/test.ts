import { existsSync } from 'node:fs'
import { runHouseChecks } from './house-checks.ts'
import { say } from './say.ts'
import { add, countLine, skippedLines, type Tally } from './tally.ts'
import { INTEGRATION, runVitest, UNIT } from './vitest-runs.ts'
import { buildWeb } from './web-build.ts'

/** All of `check`, then the tests that start real processes. */
export async function test(args: readonly string[]): Promise<number> {
  const failed = [...(await runHouseChecks()), ...missingTools()]
  if (!(await buildWeb())) failed.push('web build')
  const unit = await runVitest({ ...UNIT, args: [...UNIT.args, ...args] })
  const integration = await runVitest({ ...INTEGRATION, args: [...INTEGRATION.args, ...args] })
  return report(failed, add(unit, integration))
}

/** The long suites; `--scale release` runs the counts of a release. */
export async function testLong(args: readonly string[]): Promise<number> {
  const at = args.indexOf('--scale')
  const scale = at === -1 ? 'ci' : (args[at + 1] ?? '')
  if (scale !== 'ci' && scale !== 'release') {
    say(`--scale is ci or release, not "${scale}"`)
    return 2
  }
  const rest = at === -1 ? args : args.filter((_, i) => i !== at && i !== at + 1)
  const failed = [...missingTools(), ...((await buildWeb()) ? [] : ['web build'])]
  const tally = await runVitest({
    name: `long suites, scale ${scale}`,
    args: ['--config', 'vitest.long.config.ts', ...rest],
    env: { HOLDFAST_TEST_SCALE: scale },
  })
  return report(failed, tally)
}

/** On a developer's machine tests without their tool skip with a reason; where nobody looks none may be missing. */
function missingTools(): readonly string[] {
  if (process.env['CI'] !== 'true') return []
  const tools = [
    { file: '/usr/bin/chromium', name: 'chromium for the browser tests' },
    { file: '/usr/bin/strace', name: 'strace for the disk tests' },
  ]
  return tools.filter(({ file }) => !existsSync(file)).map(({ name }) => name)
}

/** Says what failed and what was skipped, prints the count as the last line, and gives the exit code. */
export function report(failed: readonly string[], tests: Tally): number {
  for (const line of skippedLines(tests)) say(line)
  for (const name of failed) say(`FAILED: ${name}`)
  if (tests.passed + tests.failed === 0) say('no test was run')
  const total = { ...tests, failed: tests.failed + failed.length }
  process.stdout.write(`${countLine(total)}\n`)
  return total.failed === 0 && total.passed > 0 ? 0 : 1
}
