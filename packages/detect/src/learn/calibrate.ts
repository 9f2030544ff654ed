/** One finding of a recorded run, and whether the run was what it says. */
export type Outcome = { readonly score: number; readonly isRight: boolean }

/** Scores and the share of findings up from there that were right: rising steps, between which is interpolated. */
export type Calibration = readonly (readonly [score: number, share: number])[]

/** Findings that one step rests on at least: fewer say little. */
const LEAST_IN_STEP = 20
/** Findings of the share of all that count beside those of a step: recordings of one kind differ from those of another. */
const PRIOR = 40
/** Never certain, and never hopeless: the runs that it was fitted to are not the runs that it meets. */
const MOST = 0.97
const LEAST = 0.03

/**
 * The rising function of the score that fits best what findings turned out to be (pool adjacent violators), in few steps.
 * Undefined where there are too few findings for one. The order in which they are given changes nothing.
 */
export function calibrationOf(outcomes: readonly Outcome[]): Calibration | undefined {
  if (outcomes.length < LEAST_IN_STEP) return undefined
  const right = outcomes.filter(({ isRight }) => isRight).length
  const overall = right / outcomes.length
  const size = Math.max(LEAST_IN_STEP, Math.ceil(outcomes.length / MOST_STEPS))
  const steps: Step[] = []
  for (const chunk of chunksOf(outcomes, size)) {
    let step = chunk
    for (
      let last = steps.at(-1);
      last !== undefined && shareOf(last, overall) >= shareOf(step, overall);
      last = steps.at(-1)
    ) {
      step = sumOf(last, step)
      steps.pop()
    }
    steps.push(step)
  }
  return steps.map((step) => [six(step.scores / step.count), six(shareOf(step, overall))] as const)
}

/** What a score says by a calibration. */
export function calibrated(score: number, calibration: Calibration): number {
  const above = calibration.findIndex(([at]) => at > score)
  const [low, high] = [calibration.at(above === -1 ? -1 : Math.max(0, above - 1)), calibration.at(above)]
  if (low === undefined || high === undefined) return LEAST
  if (above <= 0) return low[1]
  return low[1] + ((score - low[0]) / (high[0] - low[0])) * (high[1] - low[1])
}

type Step = { readonly right: number; readonly count: number; readonly scores: number }

const MOST_STEPS = 6

/** By rising score, as many to a chunk as asked for; findings of one score stay together. */
function chunksOf(outcomes: readonly Outcome[], size: number): readonly Step[] {
  const byScore = [...Map.groupBy(outcomes, ({ score }) => score)]
    .toSorted(([a], [b]) => a - b)
    .map(([score, some]): Step => ({
      right: some.filter(({ isRight }) => isRight).length,
      count: some.length,
      scores: score * some.length,
    }))
  const chunks: Step[] = []
  for (const step of byScore) {
    const last = chunks.at(-1)
    if (last === undefined || last.count >= size) chunks.push(step)
    else chunks[chunks.length - 1] = sumOf(last, step)
  }
  // What is left over at the end is too little for a step of its own.
  const [before, rest] = chunks.slice(-2)
  if (before !== undefined && rest !== undefined && rest.count < LEAST_IN_STEP)
    chunks.splice(-2, 2, sumOf(before, rest))
  return chunks
}

function sumOf(a: Step, b: Step): Step {
  return { right: a.right + b.right, count: a.count + b.count, scores: a.scores + b.scores }
}

/** Drawn to the share of all, and never certain. */
function shareOf({ right, count }: Step, overall: number): number {
  return Math.min(MOST, Math.max(LEAST, (right + PRIOR * overall) / (count + PRIOR)))
}

function six(value: number): number {
  return Number(value.toFixed(6))
}
