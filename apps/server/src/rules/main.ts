import { parseArgs } from 'node:util'
import { printableJson, visibleText } from '@holdfast/model'
import { coverageReport } from './coverage.ts'
import { exportRules } from './export-rules.ts'
import { importRules } from './import-rules.ts'
import { lintRules } from './lint-rules.ts'
import { listRules } from './list-rules.ts'
import type { Report } from './report.ts'
import { testRules } from './test-rules.ts'

/** Usage errors end with 2, as the command line does. */
const EXIT_USAGE = 2

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    form: { type: 'string' },
    out: { type: 'string' },
    force: { type: 'boolean', default: false },
  },
})
const [command, ...paths] = positionals

const report = run()
if (report === undefined) {
  process.stderr.write('holdfast rules: list, test, lint, import, export or coverage is meant\n')
  process.exit(EXIT_USAGE)
}
process.stdout.write(formed(report))
if (report.talk !== '') process.stderr.write(printable(report.talk))
process.exitCode = report.exit

/** In the form that was asked for; the command line asks for those alone that a command has. */
function formed({ json, text, pipeline }: Report): string {
  if (values.form === 'sarif' && pipeline !== undefined && 'sarif' in pipeline)
    return `${printableJson(pipeline.sarif)}\n`
  if (values.form === 'junit' && pipeline !== undefined && 'junit' in pipeline) return pipeline.junit
  return values.json ? `${printableJson(json)}\n` : printable(text)
}

/** Names of files and texts of rules may hold what a terminal obeys; the ends of lines are ours. */
function printable(text: string): string {
  return text
    .split('\n')
    .map((line) => visibleText(line))
    .join('\n')
}

function run(): Report | undefined {
  const { out, force } = values
  switch (command) {
    case 'list':
      return listRules(paths)
    case 'test':
      return testRules(paths)
    case 'lint':
      return lintRules(paths)
    case 'coverage':
      return coverageReport()
    case 'import':
      return out === undefined ? undefined : importRules(paths, { out, force })
    case 'export':
      return out === undefined ? undefined : exportRules(paths, { out, force })
    case undefined:
    default:
      return undefined
  }
}
