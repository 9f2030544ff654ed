/** How often a long suite tries: in the run of every night, and before a release. */
export type ScaledCount = { readonly ci: number; readonly release: number }

/** The count for this run: `npm run test:long -- --scale release` sets HOLDFAST_TEST_SCALE, and `ci` is what else holds. */
export function countAtScale(counts: ScaledCount): number {
  const scale = process.env['HOLDFAST_TEST_SCALE'] ?? 'ci'
  if (scale !== 'ci' && scale !== 'release') throw new Error(`HOLDFAST_TEST_SCALE is ci or release, not "${scale}"`)
  return counts[scale]
}

/** The seed of this run: HOLDFAST_SEED where it is set, else a new one. It belongs into the title of the test. */
export function seedOfRun(): number {
  return Number(process.env['HOLDFAST_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
}
