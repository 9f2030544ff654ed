import { defineConfig } from 'vitest/config'
import { exclude, shared } from './vitest.shared.config.ts'

/** The counts of a release: thousands of flips, hundreds of kills. One file at a time, for they measure the machine. */
export default defineConfig({
  ...shared,
  test: {
    name: 'long',
    include: ['**/*.long.test.ts'],
    exclude,
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
    fileParallelism: false,
  },
})
