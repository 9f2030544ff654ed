import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { calibrate, trainDetector } from '@holdfast/detect'
import { calibrationRuns, parseLabels, readAll, trainingRuns } from '@holdfast/server/eval'

/** `npm run train -w bench -- LABELS RUNS`: learns the weights that ship, and says on what. The same runs give the same bytes. */
const LINE = 120
const root = join(import.meta.dirname, '..', '..')
const [labels = join(root, '../shared/data/agentdojo_labels.csv'), folder = join(root, '../shared/data')] =
  process.argv.slice(2)
const text = readFileSync(labels, 'utf8')
const rows = parseLabels(text).filter(({ role }) => role !== 'exclude')
const { runs, skipped } = readAll({ folder, labels: rows, neutralised: true })
const examples = trainingRuns(runs)
const incidents = examples.filter(({ isIncident }) => isIncident)
const card = {
  labels: createHash('sha256').update(text).digest('hex'),
  suites: [...new Set(runs.map(({ row }) => row.suite))].toSorted(),
  runs: examples.length,
  incidents: incidents.length,
  goals: new Set(incidents.map(({ goal }) => goal)).size,
  benign: examples.length - incidents.length,
  neutralised: true,
  skipped: skipped.length,
}
const file = join(root, 'packages/detect/src/learn/weights.json')
writeFileSync(file, formatted({ trainedOn: card, ...calibrate(trainDetector(examples), calibrationRuns(runs)) }))
process.stdout.write(`${JSON.stringify(card)}\n`)

/** As the formatter of this repository leaves it: a list on one line where it fits. */
function formatted(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2).replace(
    /^(.*)\[\n([^\][]*?)\n\s*\](,?)$/gm,
    (whole, before, list, after) => {
      const line = `${before}[${String(list)
        .split('\n')
        .map((part) => part.trim())
        .join(' ')}]${after}`
      return line.length <= LINE ? line : whole
    },
  )
  return `${text}\n`
}
