import type { ControlRecordOf, SensorLosses, UnixNano } from '@holdfast/model'
import { expect, test } from 'vitest'
import { RecordedControls } from '../testing/recorded-controls.ts'
import { LossLedger } from './loss-ledger.ts'

type Gap = ControlRecordOf<'gap'>

/** A log in memory, and ledgers that write to it; `reads` counts how often one had to look something up. */
function logOfLosses() {
  const gaps: Gap[] = []
  const log = { reads: 0, gaps }
  let now = 0n
  const ledger = (mostRemembered = 100) =>
    new LossLedger({
      write: async (record) => (record.kind === 'gap' ? gaps.push(record) : undefined),
      reader: {
        eachControl(kind, range) {
          log.reads += 1
          return new RecordedControls(gaps).eachControl(kind, range)
        },
      },
      clock: () => (now += 1_000_000_000n) as UnixNano, // seconds of 1970
      mostRemembered,
    })
  return { log, ledger }
}

function lost(cgroup: string, open: number, more: Partial<SensorLosses> = {}): SensorLosses {
  return { cgroup, agentName: 'desk', place: 'slow', series: 0, byType: { open }, ...more }
}

const start = (name: number | string) => ({ sensor: 's', start: `start-${name}` })
const told = (gaps: readonly Gap[]) => gaps.map(({ records = 0 }) => records)

test('starts that come and go for ever are forgotten, and one that speaks again goes on where the log says', async () => {
  const { log, ledger } = logOfLosses()
  const ledgers = ledger(20)
  for (let each = 0; each < 50; each += 1) await ledgers.report(start(each), [lost('7', 3)], 0)
  const reads = log.reads
  expect(await ledgers.report(start(49), [lost('7', 4)], 0)).toBe(1)
  expect(log.reads).toBe(reads)
  // The first is long forgotten.
  expect(await ledgers.report(start(0), [lost('7', 3)], 0)).toBe(0)
  expect(log.reads).toBe(reads + 1)
  expect(await ledgers.report(start(0), [lost('7', 8)], 0)).toBe(5)
  expect(log.gaps.at(-1)).toMatchObject({ counter: { name: 's/start-0/slow/7', total: 8 } })
  expect(told(log.gaps).reduce((sum, one) => sum + one, 0)).toBe(50 * 3 + 1 + 5)
})

test('a gap of a start that was forgotten begins where its last one ended', async () => {
  const { log, ledger } = logOfLosses()
  await ledger().report(start('a'), [lost('7', 3)], 0)
  await ledger().report(start('a'), [lost('7', 4)], 0)
  expect(log.gaps[1]?.from).toBe(log.gaps[0]?.to)
})

test('a driver that counts anew begins at 0, what it told before is not lost again, and the loader counts on', async () => {
  const { log, ledger } = logOfLosses()
  const kernel = lost('7', 5, { place: 'kernel' })
  const counts = [
    [lost('7', 3), kernel],
    [lost('7', 1, { series: 1 }), kernel],
    // Said twice, and once too late.
    [lost('7', 1, { series: 1 }), lost('7', 3)],
    [lost('7', 2, { series: 2 }), lost('7', 6, { place: 'kernel' })],
  ]
  const one = ledger()
  for (const losses of counts) await one.report(start('a'), losses, 0)
  expect(told(log.gaps)).toEqual([3, 5, 1, 2, 1])
  // From the log alone it is the same.
  for (const losses of counts) expect(await ledger().report(start('a'), losses, 0)).toBe(0)
})

test('a start with more counters than a driver keeps is refused, and nothing of it is written', async () => {
  const { log, ledger } = logOfLosses()
  const one = ledger(10)
  const six = (first: number) => Array.from({ length: 6 }, (_, each) => lost(String(first + each), 1))
  await one.report(start('a'), six(0), 0)
  await expect(one.report(start('a'), six(10), 0)).rejects.toThrow('under at most 10 names')
  expect(log.gaps).toHaveLength(6)
})
