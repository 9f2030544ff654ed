import { scratchFolder, seedOfRun } from '@holdfast/recorder/testing'
import { expect, test } from 'vitest'
import { bombRun } from './bomb-run.ts'

const seed = seedOfRun()
/** What reliability asks of the whole server under attack: 1.5 GiB. */
const MAX_PEAK_BYTES = 1.5 * 1024 ** 3

/** Bombs as a test; the short and the long suite differ in their number alone. */
export function testBombs(bombs: number): void {
  test(`${bombs} bombs cost no more than the bounds allow, and honest senders are served after each (seed ${seed})`, async () => {
    using folder = scratchFolder()
    const report = await bombRun({ folder: folder.path, bombs, seed })
    const answers = [...report.answers].map(([answer, count]) => `${answer}: ${count}`).join(', ')
    const peak = Math.round((report.peakBytes ?? 0) / 1024 ** 2)
    process.stdout.write(
      `bombs: seed ${seed}, ${report.bombs} thrown, ${answers}; ${report.gaps} gaps, peak ${peak} MiB\n`,
    )
    expect(report.wrong, `HOLDFAST_SEED=${seed} repeats it`).toEqual([])
    expect(report.peakBytes ?? 0).toBeLessThan(MAX_PEAK_BYTES)
    expect(report.gaps).toBeGreaterThan(0)
    expect(report.nameless).toBe(0)
  })
}
