import { check } from './check.ts'
import { dev } from './dev.ts'
import { lock } from './lock.ts'
import { start } from './start.ts'
import { test, testLong } from './test.ts'

const tasks = new Map<string, (args: readonly string[]) => Promise<number>>([
  ['start', start],
  ['dev', dev],
  ['check', check],
  ['lock', lock],
  ['test', test],
  ['test-long', testLong],
])

const [name = '', ...args] = process.argv.slice(2)
const task = tasks.get(name)
if (task === undefined) {
  process.stderr.write(`usage: node setup.js ${[...tasks.keys()].join(' | ')}\n`)
  process.exit(2)
}
process.exit(await task(args))
