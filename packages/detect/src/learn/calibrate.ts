/** One finding of a recorded run, and whether the run was what it says. */
export type Outcome = { readonly score: number; readonly isRight: boolean }

/** Scores and the share of findings up from there that were right: rising steps, between which is interpolated. */
export type Calibration = readonly (readonly [score: number, share: number])[]

/** Findings that one step rests on at least: fewer say little. */
const LEAST_IN_STEP = 20
/** Never certain, and never hopeless: the runs that it was fitted to are not the runs that it meets. */
const MOST = 0.97
const LEAST = 0.03

/**
 * The rising function of the score that fits best what findings turned out to be (pool adjacent violators), in few steps.
 * Undefined where there are too few findings for one. The order in which they are given changes nothing.
 */
export function calibrationOf(outcomes: readonly Outcome[]): Calibration | undefined {
  if (outcomes.length < LEAST_IN_STEP) return undefined
  const sorted = outcomes.toSorted((a, b) => a.score - b.score || Number(a.isRight) - Number(b.isRight))
  const steps: Step[] = []
  const size = Math.max(LEAST_IN_STEP, Math.ceil(sorted.length / MOST_STEPS))
  for (let at = 0; at < sorted.length; at += size) {
    // What is left over at the end is too little for a step of its own.
    const isLast = sorted.length - at - size < LEAST_IN_STEP
    const some = sorted.slice(at, isLast ? undefined : at + size)
    let step = stepOf(some)
    for (let last = steps.at(-1); last !== undefined && shareOf(last) >= shareOf(step); last = steps.at(-1)) {
      step = { right: last.right + step.right, count: last.count + step.count, scores: last.scores + step.scores }
      steps.pop()
    }
    steps.push(step)
    if (isLast) break
  }
  return steps.map((step) => [six(step.scores / step.count), six(shareOf(step))] as const)
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

const MOST_STEPS = 12

function stepOf(some: readonly Outcome[]): Step {
  return {
    right: some.filter(({ isRight }) => isRight).length,
    count: some.length,
    scores: some.reduce((sum, { score }) => sum + score, 0),
  }
}

/** With one more of each, since none is certain. */
function shareOf({ right, count }: Step): number {
  return Math.min(MOST, Math.max(LEAST, (right + 1) / (count + 2)))
}

function six(value: number): number {
  return Number(value.toFixed(6))
}
