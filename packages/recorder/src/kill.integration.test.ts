import { expect, test } from 'vitest'
import { scratchFolder } from './testing/groups.ts'
import { killRun } from './testing/kill-run.ts'
import { seedOfRun } from './testing/scale.ts'

const seed = seedOfRun()

test(`loses and doubles nothing when the writer is killed at 30 random instants (seed ${seed})`, async () => {
  using folder = scratchFolder()
  const run = await killRun({ folder: folder.path, kills: 30, seed })
  expect(run.wrong, `seed ${seed}`).toEqual([])
  // A run in which nothing was acknowledged would have shown nothing.
  expect(run.acknowledged).toBeGreaterThan(0)
}, 300_000)
