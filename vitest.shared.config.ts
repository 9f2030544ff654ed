import type { ViteUserConfig } from 'vitest/config'

/** Packages are tested from their sources, never from a `dist` that may be stale (`exports` of each package.json). */
const conditions = ['@holdfast/source']

/** What every kind of test shares: where sources are found, and what is never a test. */
export const shared = {
  resolve: { conditions: [...conditions, 'module', 'node', 'development|production'] },
  // Without `module`, which Node does not know: what a package has there is meant for bundlers and may not load in it.
  ssr: { resolve: { conditions: [...conditions, 'node', 'development|production'] } },
} satisfies ViteUserConfig

/** What looks like a test and is not one of ours; the recorder of fixtures is a project of its own. */
export const exclude = ['**/node_modules/**', '**/dist/**', '**/.holdfast/**', 'fixtures/record/**']
