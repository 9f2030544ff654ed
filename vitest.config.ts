import { defineConfig } from 'vitest/config'
import { exclude, shared } from './vitest.shared.config.ts'

/** Every run draws the same, unless it is told another seed; the long suites draw anew each time. */
const seeded = { setupFiles: ['./vitest.seed.ts'], env: { HOLDFAST_SEED: process.env['HOLDFAST_SEED'] ?? '8' } }

/**
 * `unit` is quick and touches nothing but memory and its own temporary folder; `integration` starts real processes and
 * listeners. The long suites have their own file, vitest.long.config.ts, so that no ordinary run takes them along.
 */
export default defineConfig({
  ...shared,
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          ...seeded,
          include: ['**/*.test.ts', '**/*.test.tsx'],
          exclude: [...exclude, '**/*.integration.test.ts', '**/*.long.test.ts'],
          // A test that hangs must end; one on a busy machine must not fail for being slow.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          ...seeded,
          include: ['**/*.integration.test.ts'],
          exclude,
          // Servers, browsers and kernels on a busy machine: only what hangs ends here.
          testTimeout: 240_000,
          hookTimeout: 240_000,
          // Each file starts servers, agents or a browser of its own: two at once is what two cores carry.
          maxWorkers: 2,
        },
      },
    ],
  },
})
