/** Where handles and ticks stand between the first and the last instant, all in whole seconds since 1970. */
export type HandleScale = { readonly start: number; readonly end: number; readonly ticks: readonly number[] }

/** From the instants of changes and now; undefined where there is no span to choose in. */
export function handleScale(changes: readonly string[], now: string): HandleScale | undefined {
  const ticks = changes
    .map(secondsOf)
    .filter((tick) => Number.isFinite(tick))
    .toSorted((a, b) => a - b)
  const [first] = ticks
  const end = Math.max(secondsOf(now), ticks.at(-1) ?? 0)
  // A second before the first change, so that a handle can stand where there was nothing yet.
  return first === undefined || !Number.isFinite(end) || end <= first
    ? undefined
    : { start: first - 1, end: Math.ceil(end), ticks }
}

/** How many changes came after an instant, up to another. */
export function changesBetween({ ticks }: HandleScale, since: number, until: number): number {
  return ticks.filter((tick) => tick > since && tick <= until).length
}

/** RFC 3339 in UTC, to the second. */
export function instantOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z')
}

export function secondsOf(instant: string): number {
  return Math.floor(Date.parse(instant) / 1_000)
}
