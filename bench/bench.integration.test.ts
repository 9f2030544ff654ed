import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** At a hundredth of their size the benchmarks show that they run and check themselves; no time is judged. */
function lines(script: string, ...args: readonly string[]): readonly Record<string, unknown>[] {
  const path = join(import.meta.dirname, script)
  const output = execFileSync(
    process.execPath,
    ['--conditions=@holdfast/source', path, '--scale', '0.01', '--rounds', '1', ...args],
    {
      encoding: 'utf8',
    },
  )
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

test('ingest stores what was sent, proves it and prints its ratios', () => {
  expect(lines('ingest/run.ts').at(-1)).toMatchObject({
    result: 'ok',
    problems: [],
    ratioToLimit: { median: expect.any(Number) },
    peakRssMiB: { product: expect.any(Number) },
    diskBytesPerRawByte: { product: expect.any(Number) },
  })
}, 60_000)

test('limits prices every step', () => {
  const steps = lines('limits/run.ts').slice(1)
  expect(steps).toContainEqual(expect.objectContaining({ step: 'one pass, no strings', units: 1 }))
}, 60_000)
