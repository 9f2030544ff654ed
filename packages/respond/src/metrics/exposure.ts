import type { UnixNano } from '@holdfast/model'

/** The five stages in which time passes between the first harmful act and its verified end. */
export const EXPOSURE_STAGES = ['capture', 'baseline-decision', 'correlation', 'triage', 'response'] as const

export type ExposureStage = (typeof EXPOSURE_STAGES)[number]

export type ExposureQuestion = {
  /** When each harmful act happened. */
  readonly acts: readonly UnixNano[]
  /** The end of each stage, in order; the first begins with the first act, the last ends with verified containment. */
  readonly ends: Readonly<Record<ExposureStage, UnixNano>>
  /** Times in which nothing was captured, so that acts in them are not known. */
  readonly gaps: readonly { readonly from: UnixNano; readonly until: UnixNano }[]
}

/** Acts that are known to have happened, and how many there may have been: equal where nothing was missed. */
export type Exposure = { readonly least: number; readonly most: number }

/**
 * Exposure of formula 6.8: harmful acts from the first one to verified containment, by stage. The integral of a rate over
 * a stage is the number of acts in it; in a gap the rate is taken as anything from none to the highest minute that was seen.
 */
export function exposureOf({
  acts,
  ends,
  gaps,
}: ExposureQuestion): Readonly<Record<ExposureStage | 'total', Exposure>> {
  const ordered = acts.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const peak = peakPerMinute(ordered)
  let from: bigint = ordered[0] ?? ends.capture
  const stages = new Map<ExposureStage, Exposure>()
  for (const [index, stage] of EXPOSURE_STAGES.entries()) {
    const until = ends[stage] > from ? ends[stage] : from
    const isLast = index === EXPOSURE_STAGES.length - 1
    // Half open, so that no act is counted twice; the last stage has its end as well.
    const least = ordered.filter((at) => at >= from && (at < until || (isLast && at === ends[stage]))).length
    stages.set(stage, { least, most: least + peak * (overlap(gaps, from, until) / 60_000) })
    from = until
  }
  const of = (stage: ExposureStage): Exposure => stages.get(stage) ?? { least: 0, most: 0 }
  const all = EXPOSURE_STAGES.map(of)
  return {
    capture: of('capture'),
    'baseline-decision': of('baseline-decision'),
    correlation: of('correlation'),
    triage: of('triage'),
    response: of('response'),
    total: {
      least: all.reduce((sum, { least }) => sum + least, 0),
      most: all.reduce((sum, { most }) => sum + most, 0),
    },
  }
}

/** Most acts in any minute that begins with an act. */
function peakPerMinute(ordered: readonly bigint[]): number {
  let peak = 0
  let end = 0
  for (const [start, at] of ordered.entries()) {
    while (end < ordered.length && (ordered[end] ?? 0n) < at + 60_000_000_000n) end++
    peak = Math.max(peak, end - start)
  }
  return peak
}

/** Milliseconds of the stage that lie in gaps; gaps that overlap count once. */
function overlap(gaps: ExposureQuestion['gaps'], from: bigint, until: bigint): number {
  let covered = from
  let nanos = 0n
  for (const gap of gaps.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))) {
    const start = gap.from > covered ? gap.from : covered
    const end = gap.until < until ? gap.until : until
    if (end <= start) continue
    nanos += end - start
    covered = end
  }
  return Number(nanos / 1_000_000n)
}
