/** A stream of numbers in [0, 1) that is the same for the same seed (mulberry32): a history can be made again. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** One of the choices, as often as its weight says. */
export function pick<T>(random: () => number, choices: readonly (readonly [choice: T, weight: number])[]): T {
  const total = choices.reduce((sum, [, weight]) => sum + weight, 0)
  let rest = random() * total
  for (const [choice, weight] of choices) {
    rest -= weight
    if (rest < 0) return choice
  }
  const last = choices.at(-1)
  if (last === undefined) throw new Error('nothing to pick from')
  return last[0]
}
