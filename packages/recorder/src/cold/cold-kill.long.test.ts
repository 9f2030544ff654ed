import { expect, test } from 'vitest'
import { coldKillRun } from '../testing/cold-kill-run.ts'
import { scratchFolder } from '../testing/groups.ts'
import { seedOfRun } from '../testing/scale.ts'

const seed = seedOfRun()

test(`loses nothing when killed at 100 random instants of cooling and restoring (seed ${seed})`, async () => {
  using folder = scratchFolder()
  const run = await coldKillRun({ folder: folder.path, kills: 100, seed })
  expect(run.wrong, `seed ${seed}`).toEqual([])
  expect(run.acknowledged).toBeGreaterThan(0)
  // A run in which nothing was ever moved would have shown nothing.
  expect(run.moves).toBeGreaterThan(0)
})
