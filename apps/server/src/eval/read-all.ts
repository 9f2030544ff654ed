import type { RuleSet } from '@holdfast/detect'
import { Corpus, type Recording, type Skipped } from './corpus.ts'
import { judgeRun, type JudgedRun, type NamedJudge } from './judge-run.ts'
import type { LabelledRun } from './labels.ts'
import { neutralise } from './neutralise.ts'
import { readRuns } from './read-runs.ts'

export type ReadOptions = {
  readonly folder: string
  /** Undefined: every run below the folder, as benign unless it says of itself what it is. */
  readonly labels: readonly LabelledRun[] | undefined
  readonly neutralised: boolean
  /** By whom a run is judged; by nobody where none are named, which is enough to learn from it. */
  readonly judges?: (row: LabelledRun) => readonly NamedJudge[]
  readonly rules?: RuleSet
  /** Told after each recording; lets a program say how far it is. */
  readonly onProgress?: (done: number, all: number) => void
}

export type Read = { readonly runs: readonly JudgedRun[]; readonly skipped: readonly Skipped[] }

/** Reads and judges every labelled recording, one after the other: none is kept but as numbers. */
export function readAll({ folder, labels, neutralised, judges = () => [], rules, onProgress }: ReadOptions): Read {
  const corpus = new Corpus(folder)
  const rows = (labels ?? corpus.files().map(unlabelled)).toSorted((a, b) => compare(a.archive, b.archive))
  const runs: JudgedRun[] = []
  const skipped: Skipped[] = []
  for (const [i, row] of rows.entries()) {
    const found = corpus.recordings(row)
    if (typeof found === 'string') skipped.push({ archive: row.archive, member: row.member, why: found })
    else for (const recording of found) readOne(row, recording)
    onProgress?.(i + 1, rows.length)
  }
  return { runs, skipped }

  function readOne(row: LabelledRun, recording: Recording): void {
    const begun = performance.now()
    const files = neutralised
      ? recording.files.map(({ name, text }) => ({ name, text: neutralise(text) }))
      : recording.files
    const read = readRuns({ files })
    const ms = performance.now() - begun
    if (typeof read === 'string') {
      skipped.push({ archive: row.archive, member: recording.name, why: read })
      return
    }
    const told = row.label === '' && recording.own !== undefined ? { ...row, ...recording.own } : row
    for (const run of read)
      runs.push(
        judgeRun(told, run, {
          judges: judges(told),
          captureMs: ms / read.length,
          ...(rules === undefined ? {} : { rules }),
        }),
      )
  }
}

export function unlabelled(archive: string): LabelledRun {
  return {
    archive,
    member: '',
    label: '',
    role: '',
    set: '',
    model: '',
    defense: '',
    suite: '',
    userTask: archive,
    injectionTask: '',
    technique: '',
    ordinary: '',
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
