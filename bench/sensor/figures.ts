/** One JSON document a line. */
export function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

export function spreadOf(list: readonly number[]): {
  readonly median: number
  readonly least: number
  readonly most: number
} {
  const sorted = list.toSorted((a, b) => a - b)
  return { median: at(sorted, 0.5), least: at(sorted, 0), most: at(sorted, 1) }
}

/** The value that this part of a sorted list does not exceed, to three figures. */
export function at(sorted: readonly number[], part: number): number {
  return Number((sorted[Math.round((sorted.length - 1) * part)] ?? 0).toPrecision(3))
}
