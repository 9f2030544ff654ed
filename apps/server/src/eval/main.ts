import { readFileSync, statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { compileRules } from '@holdfast/detect'
import { readRuleFolder, SHIPPED_RULES } from '../rules/read-folder.ts'
import { evaluate } from './evaluate.ts'
import { evaluateIam } from './iam/evaluate-iam.ts'
import { iamText } from './iam/iam-text.ts'
import { type LabelledRun, parseLabels } from './labels.ts'
import type { Report } from './report.ts'
import { skippedLines, textOf } from './text-report.ts'

/** As the command line ends: wrong usage, some recordings that could not be read, a file or folder that is not there. */
const EXIT_USAGE = 2
const EXIT_PARTIAL = 3
const EXIT_NOT_FOUND = 4
const PROGRESS_EVERY = 250
const READ = 'what `holdfast import` takes is read, as JSON, lines of JSON or archives of them (docs/detection.md)'

const { values } = parseArgs({
  options: {
    labels: { type: 'string' },
    runs: { type: 'string' },
    neutralise: { type: 'boolean', default: false },
    'behaviour-only': { type: 'boolean', default: false },
    learn: { type: 'boolean', default: false },
    iam: { type: 'boolean', default: false },
    split: { type: 'string', default: '0.5' },
    'all-ordinary': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
if (values.runs === undefined) fail('--runs DIR says where the recorded runs are', EXIT_USAGE)
const { runs: folder, labels: labelsFile, neutralise: neutralised, 'behaviour-only': behaviourOnly } = values
const found = statSync(folder, { throwIfNoEntry: false })
if (found === undefined) fail(`there is no folder ${folder}`, EXIT_NOT_FOUND)
if (!found.isDirectory()) fail(`--runs takes a folder, and ${folder} is a file`, EXIT_USAGE)

const labels = labelsFile === undefined ? undefined : labelsOf(labelsFile)
if (values.iam) printIam()
else printRuns()

function printRuns(): void {
  const report = evaluated()
  if (report.runs === 0) {
    const why = skippedLines(report.skipped).map((line) => `\n${line}`)
    fail(`no recorded run could be read from ${folder}: ${READ}${why.join('')}`, EXIT_USAGE)
  }
  process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : textOf(report))
  if (report.skipped.runs > 0) process.exitCode = EXIT_PARTIAL
}

/** What policies of AWS would have done, of each identity's later calls by its earlier ones. */
function printIam(): void {
  const split = Number(values.split)
  if (!(split > 0 && split < 1)) fail('--split is a share of the ordinary calls, between 0 and 1', EXIT_USAGE)
  const allOrdinary = values['all-ordinary']
  const report = evaluateIam({ folder, labels, neutralised, split, allOrdinary, onProgress })
  if (report.identities.length === 0) {
    const why = report.skipped.slice(0, 5).map((one) => `\n  ${one.archive}: ${one.why}`)
    fail(`no call to AWS could be read from ${folder}: ${READ}${why.join('')}`, EXIT_USAGE)
  }
  process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : iamText(report))
  if (report.skipped.length > 0) process.exitCode = EXIT_PARTIAL
}

function evaluated(): Report {
  const { rules } = compileRules(readRuleFolder(SHIPPED_RULES).sources)
  try {
    return evaluate({ folder, labels, neutralised, behaviourOnly, learning: values.learn, rules, onProgress })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES')
      return fail(`${folder} may not be read: ${error.message}`, EXIT_NOT_FOUND)
    throw error
  }
}

function labelsOf(file: string): readonly LabelledRun[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    // Not there, a folder, or not to be read: what was named is no file for us.
    return fail(`there is no labels file ${file} that can be read`, EXIT_NOT_FOUND)
  }
  try {
    return parseLabels(text)
  } catch (error) {
    return fail(error instanceof Error ? error.message : 'the labels file cannot be read', EXIT_USAGE)
  }
}

function onProgress(done: number, all: number): void {
  if (done % PROGRESS_EVERY === 0 || done === all) process.stderr.write(`read ${done} of ${all}\n`)
}

function fail(message: string, code: number): never {
  process.stderr.write(`holdfast eval: ${message}\n`)
  process.exit(code)
}
