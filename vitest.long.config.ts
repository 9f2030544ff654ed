import { defineConfig } from 'vitest/config'
import { exclude, shared } from './vitest.shared.config.ts'

/**
 * Thousands of flips, of power cuts and of kills; `--scale release` of `npm run test:long` makes them the counts of a
 * release, which take nights. One file at a time: each keeps the machine busy by itself.
 */
export default defineConfig({
  ...shared,
  test: {
    name: 'long',
    setupFiles: ['./vitest.seed.ts'],
    include: ['**/*.long.test.ts'],
    exclude,
    // Ends a suite that hangs, and none that is slow: the largest count of a release takes hours.
    testTimeout: process.env['HOLDFAST_TEST_SCALE'] === 'release' ? 172_800_000 : 14_400_000,
    hookTimeout: 600_000,
    fileParallelism: false,
  },
})
