/** Whose clock claimed times come from, the most real first. Anything but `live` is said on every event. */
export const CLOCK_KINDS = ['live', 'imported', 'simulated', 'synthetic'] as const

export type ClockKind = (typeof CLOCK_KINDS)[number]

/** One record that is not live makes the whole not live, whichever came first. */
export function lessReal(a: ClockKind, b: ClockKind): ClockKind {
  return CLOCK_KINDS.indexOf(b) > CLOCK_KINDS.indexOf(a) ? b : a
}
