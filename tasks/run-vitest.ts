import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startVitest, type Reporter, type TestModule } from 'vitest/node'
import { ROOT } from './say.ts'
import { add, EMPTY, type Tally } from './tally.ts'

/** Runs one kind of test in this process and leaves its counts in a file: run-vitest.ts --tally FILE [--project P] [--config C] */
const { values, positionals } = parseArgs({
  options: { tally: { type: 'string' }, project: { type: 'string' }, config: { type: 'string' } },
  allowPositionals: true,
})

let tally: Tally = { ...EMPTY, failed: 1 }
const counter: Reporter = {
  onTestRunEnd: (modules, unhandled) => {
    tally = modules.map(tallyOf).reduce(add, { ...EMPTY, failed: unhandled.length })
  },
}

const vitest = await startVitest('test', positionals, {
  root: fileURLToPath(ROOT),
  watch: false,
  reporters: ['default', counter],
  ...(values.config === undefined ? {} : { config: values.config }),
  ...(values.project === undefined ? {} : { project: [values.project] }),
})
await vitest.close()
if (values.tally !== undefined) writeFileSync(values.tally, JSON.stringify(tally))
process.exit(tally.failed === 0 ? 0 : 1)

function tallyOf(module: TestModule): Tally {
  let counted = EMPTY
  for (const test of module.children.allTests()) {
    const result = test.result()
    if (result.state === 'passed') counted = add(counted, { ...EMPTY, passed: 1 })
    else if (result.state === 'failed') counted = add(counted, { ...EMPTY, failed: 1 })
    else {
      const why = (result.state === 'skipped' ? result.note : undefined) ?? 'its title says for which machines it is'
      counted = add(counted, { ...EMPTY, skipped: [{ name: test.fullName, why }] })
    }
  }
  // A file that does not load, or whose hooks fail, holds no failed test and has failed all the same.
  return module.state() === 'failed' && counted.failed === 0 ? add(counted, { ...EMPTY, failed: 1 }) : counted
}
