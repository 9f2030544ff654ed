import { seedOfRun } from '@holdfast/recorder/testing'
import { expect, test } from 'vitest'
import { fuzzRun } from './fuzz-run.ts'

const seed = seedOfRun()

/** Hostile requests as a test; the short and the long suite differ in their number alone. */
export function testFuzz(inputs: number): void {
  test(`${inputs.toLocaleString('en-US')} changed requests are read or refused, and touch nothing (seed ${seed})`, async () => {
    const report = await fuzzRun({ inputs, seed })
    process.stdout.write(
      `fuzz: seed ${seed}, ${report.inputs} inputs, ${report.taken} taken, ${report.events} events\n`,
    )
    expect(report.wrong, `HOLDFAST_SEED=${seed} repeats it`).toEqual([])
    // Were nearly all refused at the first byte, nothing behind it would have been tried.
    expect(report.taken).toBeGreaterThan(inputs / 10)
  })
}
