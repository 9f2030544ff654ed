import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCrashes } from './testing/crash-run.ts'
import { runSeed } from './testing/seeded-random.ts'

test(
  '500 kills at random instants lose nothing acknowledged, double nothing, and no checkpoint regresses',
  { timeout: 3_600_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-crash-'))
    try {
      const report = await runCrashes({ folder, kills: 500, seed: runSeed('crash') })
      process.stdout.write(
        `crash: ${report.kills} kills, ${report.acknowledged} spans acknowledged, ${report.stored} stored\n`,
      )
      expect(report).toMatchObject({ lost: [], doubled: [], regressed: [], problems: [] })
      expect(report.acknowledged).toBeGreaterThan(0)
      expect(report.stored).toBeGreaterThanOrEqual(report.acknowledged)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
