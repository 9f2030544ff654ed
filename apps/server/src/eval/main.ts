import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { compileRules } from '@holdfast/detect'
import { readRuleFolder, SHIPPED_RULES } from '../rules/read-folder.ts'
import { evaluate } from './evaluate.ts'
import { parseLabels } from './labels.ts'
import { textOf } from './text-report.ts'

/** Usage errors end with 2, as the command line does; files that cannot be read with 4. */
const EXIT_USAGE = 2
const EXIT_NOT_FOUND = 4
const PROGRESS_EVERY = 250

const { values } = parseArgs({
  options: {
    labels: { type: 'string' },
    runs: { type: 'string' },
    neutralise: { type: 'boolean', default: false },
    'behaviour-only': { type: 'boolean', default: false },
    learn: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
if (values.runs === undefined) fail('--runs DIR says where the recorded runs are', EXIT_USAGE)
const { runs: folder, labels: labelsFile, neutralise: neutralised, 'behaviour-only': behaviourOnly } = values

try {
  const labels = labelsFile === undefined ? undefined : parseLabels(readFileSync(labelsFile, 'utf8'))
  const { rules } = compileRules(readRuleFolder(SHIPPED_RULES).sources)
  const report = evaluate({ folder, labels, neutralised, behaviourOnly, learning: values.learn, rules, onProgress })
  process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : textOf(report))
} catch (error) {
  fail(error instanceof Error ? error.message : 'the runs cannot be read', EXIT_NOT_FOUND)
}

function onProgress(done: number, all: number): void {
  if (done % PROGRESS_EVERY === 0 || done === all) process.stderr.write(`read ${done} of ${all}\n`)
}

function fail(message: string, code: number): never {
  process.stderr.write(`holdfast eval: ${message}\n`)
  process.exit(code)
}
