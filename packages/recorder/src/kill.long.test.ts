import { expect, test } from 'vitest'
import { scratchFolder } from './testing/groups.ts'
import { killRun } from './testing/kill-run.ts'
import { countAtScale, seedOfRun } from './testing/scale.ts'

const seed = seedOfRun()
const kills = countAtScale({ ci: 500, release: 10_000 })

test(`loses and doubles nothing when the writer is killed at ${kills} random instants (seed ${seed})`, async () => {
  using folder = scratchFolder()
  const run = await killRun({ folder: folder.path, kills, seed })
  expect(run.wrong, `seed ${seed}`).toEqual([])
  expect(run.acknowledged).toBeGreaterThan(4 * kills)
})
