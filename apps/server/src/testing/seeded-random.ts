/** Numbers in [0, 1) from a seed (mulberry32): a run that failed is run again by its seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** The seed of this run: HOLDFAST_SEED where it is set, else a new one. Printed, so that it can be set. */
export function runSeed(name: string): number {
  const given = Number(process.env['HOLDFAST_SEED'])
  const seed = Number.isSafeInteger(given) && given > 0 ? given : Math.floor(Math.random() * 2 ** 31)
  process.stdout.write(`${name}: seed ${seed} (HOLDFAST_SEED=${seed} repeats it)\n`)
  return seed
}
