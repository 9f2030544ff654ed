import { Corpus, readRuns, type Recording, type Skipped } from './corpus.ts'
import { judgeRun, type JudgedRun } from './judge-run.ts'
import type { LabelledRun } from './labels.ts'
import { neutralise } from './neutralise.ts'

export type ReadOptions = {
  readonly folder: string
  /** Undefined: every run below the folder, as benign. */
  readonly labels: readonly LabelledRun[] | undefined
  readonly neutralised: boolean
  /** Told after each recording; lets a program say how far it is. */
  readonly onProgress?: (done: number, all: number) => void
}

export type Read = { readonly runs: readonly JudgedRun[]; readonly skipped: readonly Skipped[] }

/** Reads and judges every labelled recording, one after the other: none is kept but as numbers. */
export function readAll({ folder, labels, neutralised, onProgress }: ReadOptions): Read {
  const corpus = new Corpus(folder)
  const rows = (labels ?? corpus.files().map(unlabelled)).toSorted((a, b) => compare(a.archive, b.archive))
  const runs: JudgedRun[] = []
  const skipped: Skipped[] = []
  for (const [i, row] of rows.entries()) {
    const found = corpus.recordings(row)
    if (typeof found === 'string') skipped.push({ archive: row.archive, member: row.member, why: found })
    else for (const recording of found) readOne(row, recording, { neutralised, runs, skipped })
    onProgress?.(i + 1, rows.length)
  }
  return { runs, skipped }
}

function readOne(
  row: LabelledRun,
  { name, text }: Recording,
  {
    neutralised,
    runs,
    skipped,
  }: { readonly neutralised: boolean; readonly runs: JudgedRun[]; readonly skipped: Skipped[] },
): void {
  const read = readRuns({ name, text: neutralised ? neutralise(text) : text })
  if (typeof read === 'string') skipped.push({ archive: row.archive, member: name, why: read })
  else for (const events of read) runs.push(judgeRun(row, events))
}

function unlabelled(archive: string): LabelledRun {
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
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
