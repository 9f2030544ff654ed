import type { Decision } from './decide.ts'
import type { Count } from './figures.ts'
import { isBenign, truthOf, typeOf } from './truth.ts'

/** What became of the runs and records of one technique or rule. */
export type TechniqueFigures = {
  readonly technique: string
  /** Runs that hold it, and those of them that were called an incident. */
  readonly executed: Count
  /** Records that a rule for it passes over, and those of them that were called one all the same. */
  readonly nearMisses: Count
  readonly recall: number | null
  /** Of the signals that make an incident, and of the near misses that were called: the share that is right. */
  readonly precision: number | null
  readonly records: number
  readonly ordinary: number
  readonly onTechnique: number
  readonly onOrdinary: number
}

/** Figures by technique or rule of the labels, those without one left out; the last row is all of them. */
export function techniqueFigures(decisions: readonly Decision[]): readonly TechniqueFigures[] {
  const named = decisions.filter(({ run }) => run.row.technique !== '')
  if (named.length === 0) return []
  const by = Map.groupBy(named, ({ run }) => run.row.technique)
  return [
    ...[...by].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([technique, some]) => figuresOfTechnique(technique, some)),
    figuresOfTechnique('all', named),
  ]
}

function figuresOfTechnique(technique: string, some: readonly Decision[]): TechniqueFigures {
  const executed = countOf(some.filter(({ run }) => typeOf(truthOf(run.row)) !== undefined))
  const nearMisses = countOf(some.filter(({ run }) => isBenign(truthOf(run.row))))
  const sum = (of: (run: Decision['run']) => number): number => some.reduce((total, { run }) => total + of(run), 0)
  const onTechnique = sum(({ named }) => named?.onTechnique ?? 0)
  const onOrdinary = sum(({ named }) => named?.onOrdinary ?? 0)
  const called = onTechnique + onOrdinary + nearMisses.incidents
  return {
    technique,
    executed,
    nearMisses,
    recall: executed.rate,
    precision: called === 0 ? null : onTechnique / called,
    records: sum(({ named }) => named?.records ?? 0),
    ordinary: sum(({ named }) => named?.ordinary ?? 0),
    onTechnique,
    onOrdinary,
  }
}

function countOf(decisions: readonly Decision[]): Count {
  const incidents = decisions.filter(({ verdict }) => verdict.outcome === 'incident').length
  return { incidents, runs: decisions.length, rate: decisions.length === 0 ? null : incidents / decisions.length }
}
