/** One bit of a file turned over, and what the verifier said to it. */
export type Flip = { readonly offset: number; readonly bit: number }
export type Missed = Flip & { readonly why: string }

/**
 * Turns over one random bit at a time in `bytes`, in place, asks `inspect`, and turns it back. Gives the flips that
 * `inspect` has a complaint about: those that were not found, or not named.
 */
export function flipBytes(
  bytes: Buffer,
  run: { readonly count: number; readonly random: () => number; readonly inspect: (flip: Flip) => string | undefined },
): Missed[] {
  const missed: Missed[] = []
  for (let i = 0; i < run.count; i++) {
    const flip = { offset: Math.floor(run.random() * bytes.length), bit: Math.floor(run.random() * 8) }
    const before = bytes[flip.offset] as number // the offset is below the length
    bytes[flip.offset] = before ^ (1 << flip.bit)
    const why = run.inspect(flip)
    bytes[flip.offset] = before
    if (why !== undefined) missed.push({ ...flip, why })
  }
  return missed
}
