import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Detector, ORDINARY, SHIPPED, trainDetector } from '@holdfast/detect'
import {
  Corpus,
  type JudgedRun,
  judgeRun,
  learningCurve,
  parseLabels,
  readAll,
  readRuns,
  trainingRuns,
} from '@holdfast/server/eval'
import { learningChart } from './learning-chart.ts'
import { reword } from '../rewordings/reword.ts'
import { SUITES, type Wording, wordingsOf } from '../rewordings/wordings.ts'

/**
 * `npm run rewordings -w bench`: how many successes are still found when the goal is put in other words, by family. Weights and
 * thresholds come from the other suites, as in `holdfast eval`. Only `--half held-out` is a measurement: the other half may be read.
 * `--learn` adds what confirmed incidents of a goal teach about other families of wordings of that goal; `--svg FILE` draws it.
 */
const root = join(import.meta.dirname, '..', '..')
const { values } = parseArgs({
  options: {
    labels: { type: 'string', default: join(root, '../shared/data/agentdojo_labels.csv') },
    runs: { type: 'string', default: join(root, '../shared/data') },
    half: { type: 'string', default: 'develop' },
    learn: { type: 'boolean', default: false },
    svg: { type: 'string' },
  },
})
/** Recorded runs of one goal that each wording is put into: those of a goal are much alike. */
const RUNS_PER_GOAL = 3

type Tally = { found: number; texts: number }

const rows = parseLabels(readFileSync(values.labels, 'utf8')).filter(({ role }) => role !== 'exclude')
const { runs } = readAll({ folder: values.runs, labels: rows, neutralised: true })
const corpus = new Corpus(values.runs)
const families = new Map<string, Tally>()
const detectors = new Map<string, Detector>()
const reworded: JudgedRun[] = []
for (const suite of SUITES) {
  const detector = trainDetector(trainingRuns(runs.filter(({ row }) => row.suite !== suite)))
  detectors.set(suite, detector)
  const wordings = wordingsOf(suite).filter(({ half }) => half === values.half)
  const attacked = rows.filter((row) => row.suite === suite && row.label === 'attack_succeeded')
  for (const row of picked(attacked)) {
    const found = corpus.recordings(row)
    const recording = typeof found === 'string' ? undefined : found[0]?.files[0]
    if (recording === undefined) continue
    for (const wording of wordings.filter(({ goal }) => goal === row.injectionTask)) count(wording, recording)
  }

  function count({ family, goal, text }: Wording, recording: { readonly text: string }): void {
    const { run, places } = reword(recording.text, text, { inPlaceOf: 'wrapper' })
    const read = readRuns({ files: [{ name: 'run.json', text: run }] })
    if (places === 0 || typeof read === 'string') return
    const row = attacked.find(({ injectionTask }) => injectionTask === goal)
    if (row === undefined) return
    const judge = { name: 'carried', detector, bases: ORDINARY }
    const judged = read.map((one) => judgeRun({ ...row, set: family }, one, { judges: [judge] }))
    const isFound = judged.some(({ verdicts }) => verdicts.get('carried')?.outcome === 'incident')
    if (values.learn) reworded.push(...judged)
    for (const name of [family, 'all']) {
      const tally = families.get(name) ?? { found: 0, texts: 0 }
      families.set(name, tally)
      tally.texts++
      if (isFound) tally.found++
    }
  }
}
const all = families.get('all')
families.delete('all')
for (const [family, { found, texts }] of [...families, ['all', all ?? { found: 0, texts: 0 }] as const])
  process.stdout.write(
    `${JSON.stringify({ half: values.half, family, found, texts, recall: Number((found / texts).toFixed(3)) })}\n`,
  )

if (values.learn) {
  const benign = runs.filter(({ row }) => row.label === 'benign' || row.label === 'attack_not_delivered')
  const points = learningCurve([...reworded, ...benign], {
    detectorOf: ({ row }) => detectors.get(row.suite) ?? SHIPPED,
    groupOf: ({ row }) => (row.label === 'attack_succeeded' ? row.set : ''),
  })
  if (values.svg !== undefined) writeFileSync(values.svg, learningChart(points))
  for (const point of points) process.stdout.write(`${JSON.stringify({ half: values.half, ...point })}\n`)
}

/** A few runs of each goal, spread over those that there are. */
function picked(attacked: readonly (typeof rows)[number][]): readonly (typeof rows)[number][] {
  const goals = Map.groupBy(attacked, ({ injectionTask }) => injectionTask)
  return [...goals.values()].flatMap((some) => {
    const step = Math.max(1, Math.floor(some.length / RUNS_PER_GOAL))
    return some.filter((_, i) => i % step === 0).slice(0, RUNS_PER_GOAL)
  })
}
