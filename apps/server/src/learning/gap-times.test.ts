import { type ControlRecord, formatRfc3339, type UnixNano } from '@holdfast/model'
import { exposureOf } from '@holdfast/respond'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecordedControls } from '../testing/recorded-controls.ts'
import { GapTimes } from './gap-times.ts'

const at = (second: number): UnixNano => (BigInt(second) * 1_000_000_000n) as UnixNano // a time
type Span = { readonly from: number; readonly to: number }

const gap = ({ from, to }: Span): ControlRecord => ({
  kind: 'gap',
  from: formatRfc3339(at(from)),
  to: formatRfc3339(at(to)),
  channel: 'otlp',
  reason: 'refused-overload',
  requests: 1,
  sender: 's',
  detail: '',
})

/** Exposure over some stages is what the times are for; of the spans as they stand it is that of the log itself. */
function exposure(gaps: readonly { readonly from: UnixNano; readonly until: UnixNano }[], ends: readonly number[]) {
  const [capture = 0, baseline = 0, correlation = 0, triage = 0, response = 0] = ends.toSorted((a, b) => a - b)
  return exposureOf({
    acts: [at(3), at(4), at(20)],
    ends: {
      capture: at(capture),
      'baseline-decision': at(baseline),
      correlation: at(correlation),
      triage: at(triage),
      response: at(response),
    },
    gaps,
  })
}

const span = fc.record({ from: fc.integer({ min: 0, max: 60 }), to: fc.integer({ min: 0, max: 60 }) })
const ends = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 5, maxLength: 5 })

test('times that were put together cover what the records of the log do, however far it was read on', async () => {
  const round = fc.record({ added: fc.array(span, { maxLength: 8 }), ends })
  await fc.assert(
    fc.asyncProperty(fc.array(round, { maxLength: 5 }), fc.integer({ min: 1, max: 12 }), async (rounds, most) => {
      const log = new RecordedControls()
      const times = new GapTimes(log, { most })
      const all: Span[] = []
      for (const { added, ends: stages } of rounds) {
        for (const one of added) log.add(gap(one))
        all.push(...added.filter(({ from, to }) => from < to))
        const raw = all.map(({ from, to }) => ({ from: at(from), until: at(to) }))
        expect(exposure(await times.all(), stages)).toEqual(exposure(raw, stages))
      }
    }),
  )
})

test('times that touch are one, and those that do not stay apart, in their order', async () => {
  const log = new RecordedControls()
  const times = new GapTimes(log)
  for (const one of [
    { from: 10, to: 12 },
    { from: 1, to: 3 },
    { from: 20, to: 30 },
    { from: 3, to: 5 },
    { from: 11, to: 21 },
  ])
    log.add(gap(one))
  expect(await times.all()).toEqual([
    { from: at(1), until: at(5) },
    { from: at(10), until: at(30) },
  ])
})

test('what was read is not read again, and two who ask at the same time share one reading', async () => {
  const log = new RecordedControls([gap({ from: 1, to: 2 })])
  const times = new GapTimes(log)
  const [one, other] = await Promise.all([times.all(), times.all()])
  expect([one, log.read]).toEqual([other, 1])
  log.add(gap({ from: 4, to: 5 }))
  expect([(await times.all()).length, log.read, one.length]).toEqual([2, 2, 1])
})
