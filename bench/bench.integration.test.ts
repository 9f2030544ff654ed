import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { whyNoKernel } from '../sensor/src/testing/root.ts'

/** At a hundredth of their size the benchmarks show that they run and check themselves; no time is judged. */
function lines(script: string, ...args: readonly string[]): readonly Record<string, unknown>[] {
  return linesOf(script, '--scale', '0.01', '--rounds', '1', ...args)
}

function linesOf(script: string, ...args: readonly string[]): readonly Record<string, unknown>[] {
  const path = join(import.meta.dirname, script)
  const output = execFileSync(process.execPath, ['--conditions=@holdfast/source', path, ...args], { encoding: 'utf8' })
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
})

test('mcp: all that passed the proxies is recorded', () => {
  const all = lines('mcp/run.ts')
  expect(all.map(({ transport }) => transport)).toEqual(['stdio', 'http', undefined])
  expect(all.at(-1)).toMatchObject({ result: 'ok', problems: [] })
})

test('respond finds the same nodes as a recursive query', () => {
  expect(lines('respond/run.ts').at(-1)).toMatchObject({ result: 'ok', problems: [] })
})

test('limits prices every step', () => {
  const steps = lines('limits/run.ts').slice(1)
  expect(steps).toContainEqual(expect.objectContaining({ step: 'one pass, no strings', units: 1 }))
})

test.skipIf(process.getuid?.() !== 0 || whyNoKernel() !== undefined)(
  'sensor compares watchers and sees every act (needs root and a kernel that takes the programs)',
  () => {
    const all = lines('sensor/run.ts')
    expect(all).toContainEqual(expect.objectContaining({ what: 'storm: watched' }))
    // 20 opens, and the programs that lead to them.
    expect(all.at(-1)?.['records']).toBeGreaterThan(20)
    // The opens alone, each as often as it was made.
    expect(all.at(-2)).toMatchObject({ what: 'from the kernel to the durable log, us', records: 20, lost: 0 })
  },
  120_000,
)

test.skipIf(process.getuid?.() !== 0 || whyNoKernel() !== undefined)(
  'egress measures a connection under each list (needs root and a kernel that takes the programs)',
  () => {
    const all = linesOf('sensor/egress.ts', '--rounds', '1', '--connections', '20')
    expect(all.map(({ entries }) => entries)).toEqual(['no list', 0, 100, 1_000])
  },
  120_000,
)

test.skipIf(process.getuid?.() !== 0 || whyNoKernel() !== undefined)(
  'sensor turn counts the events of an agent’s turn (needs root and a kernel that takes the programs)',
  () => {
    const events = lines('sensor/turn.ts').at(-1)
    expect(events).toMatchObject({ what: 'events per turn', lost: 0 })
    // At least a shell and its programs, and a connection.
    expect((events as { readonly median?: number }).median).toBeGreaterThan(5)
  },
  60_000,
)

test.skipIf(process.getuid?.() !== 0 || whyNoKernel() !== undefined)(
  'storm takes every act into the log and says what memory that needs (needs root and a kernel that takes the programs)',
  () => {
    // A storm is one round.
    const all = linesOf('storm/run.ts', '--scale', '0.02')
    expect(all.at(-1)).toMatchObject({ what: 'all folded', residentMiB: expect.any(Number) })
    expect(Number(all.at(-1)?.['stored'])).toBeGreaterThan(1_000)
  },
  120_000,
)

test('profile folds every entry and writes no large row', () => {
  const all = lines('profile/run.ts')
  expect(all[0]).toMatchObject({ entries: expect.any(Number), observations: expect.any(Number) })
  expect(all[1]?.['largestRowBytes']).toBeLessThan(16 * 1024)
  expect(all.at(-1)).toMatchObject({ ratioToWorkspace: { median: expect.any(Number) } })
})

test('detect finds what CEL finds, joins what belongs together and names what it was sent', () => {
  const parts = ['rules', 'join', 'large', 'flood', 'stream'].flatMap((part) => ['--part', part])
  const all = lines('detect/run.ts', ...parts, '--rate', '64')
  const found = all.flatMap(({ cel }) => (cel === undefined ? [] : [(cel as { readonly found: number }).found]))
  expect(found[0]).toBeGreaterThan(0)
  expect(all).toContainEqual(expect.objectContaining({ part: 'flood', realOnFirstPage: 5 }))
  expect(all.at(-1)).toMatchObject({ result: 'ok', problems: [] })
}, 240_000)

const data = join(import.meta.dirname, '../../shared/data')

test.skipIf(!existsSync(data))(
  `envelope meets the published floors of its data (skipped without ${relative(process.cwd(), data)})`,
  () => {
    const output = execFileSync(
      process.execPath,
      ['--conditions=@holdfast/source', join(import.meta.dirname, 'envelope/run.ts')],
      { encoding: 'utf8' },
    )
    const all = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const tool = (profile: string, label: string) =>
      all.find(
        (row) =>
          row['profile'] === profile && row['role'] === 'test' && row['label'] === label && row['dimension'] === 'tool',
      )
    // "Calls a tool that its own baseline never showed", as the data's own README counts it.
    expect(tool('agent', 'attack_succeeded')).toMatchObject({ left: 31, runs: 51 })
    expect(tool('agent', 'attack_partial')).toMatchObject({ left: 23, runs: 25 })
    expect(tool('agent', 'attack_resisted')).toMatchObject({ left: 241, runs: 652 })
    expect(tool('agent', 'attack_not_delivered')).toMatchObject({ left: 119, runs: 442 })
    expect(tool('agent', 'benign')).toMatchObject({ left: 231, runs: 688 })
  },
  120_000,
)
