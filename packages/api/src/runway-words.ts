const YEAR = 365
const DAY_HOURS = 24

/**
 * How long a disk lasts, as page, doctor and command line say it: at least, and rounded down, since the rate of one day is no
 * promise. A rate of less than a day says from how much it was counted.
 */
export function runwayWords({
  runwayDays,
  rateHours,
}: {
  readonly runwayDays?: number | undefined
  readonly rateHours?: number | undefined
}): string {
  if (runwayDays === undefined) return 'not known before there is a rate'
  if (runwayDays >= YEAR) return runwayDays >= 10 * YEAR ? 'more than ten years' : 'more than a year'
  const young =
    rateHours === undefined || rateHours >= DAY_HOURS
      ? ''
      : `, counted from ${hours(Math.max(1, rateHours))} of records`
  if (runwayDays < 1) return `at least ${hours(runwayDays * DAY_HOURS)}${young}`
  const days = runwayDays < 30 ? Math.floor(runwayDays) : Math.floor(runwayDays / 10) * 10
  return `at least ${days} ${days === 1 ? 'day' : 'days'}${young}`
}

function hours(count: number): string {
  const whole = Math.floor(count)
  return `${whole} ${whole === 1 ? 'hour' : 'hours'}`
}
