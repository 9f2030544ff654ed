import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCrashes } from './crash-run.ts'
import { runSeed } from './seeded-random.ts'

/** One run of crashes as a test; the short and the long suite differ in their number alone. */
export function testCrashes({ kills, timeout }: { readonly kills: number; readonly timeout?: number }): void {
  // A long suite keeps the limit of its configuration.
  const limits = timeout === undefined ? {} : { timeout }
  const title = `${kills} kills at random instants lose nothing acknowledged, double nothing, and no checkpoint regresses`
  test(title, limits, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-crash-'))
    try {
      const report = await runCrashes({ folder, kills, seed: runSeed('crash') })
      process.stdout.write(
        `crash: ${report.kills} kills, ${report.acknowledged} spans acknowledged, ${report.stored} stored\n`,
      )
      expect(report).toMatchObject({ lost: [], doubled: [], regressed: [], problems: [] })
      expect(report.acknowledged).toBeGreaterThan(0)
      expect(report.stored).toBeGreaterThanOrEqual(report.acknowledged)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
}
