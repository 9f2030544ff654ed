import { expect, test } from 'vitest'
import { seedOfRun } from '../scale.ts'
import { canTrace } from './run-traced.ts'
import { writeFaults } from './write-faults.ts'

const seed = seedOfRun()

/** Failing writes as a test. `runs` 'every site' puts each fault into each place that writes, once. */
export function testWriteFaults(runs: number | 'every site'): void {
  const count = runs === 'every site' ? 'every place that writes' : `${runs} writes`
  const title = `FC2 ${count} may fail or be the last: the next start needs no help (needs strace, seed ${seed})`
  test.skipIf(!canTrace)(title, async () => {
    const report = await writeFaults({ seed, ...(runs === 'every site' ? {} : { runs }) })
    process.stdout.write(`write faults: seed ${seed}, ${report.hits} faults at ${report.sites} sites\n`)
    expect(report.wrong, `HOLDFAST_SEED=${seed} repeats it`).toEqual([])
    // Nearly every fault must have happened: a call that a run makes less often than the recorded one is missed.
    expect(report.hits).toBeGreaterThan(report.runs * 0.9)
    expect(report.sites).toBeGreaterThan(25)
  })
}
