import { expect, test } from 'vitest'
import { JOINT } from '../record-layout.ts'
import { ProcessTable } from './process-table.ts'
import { recordOf, type Made } from './testing/records.ts'
import { parseTraceparent } from './trace-context.ts'

const A = '4bf92f3577b34da6a3ce929d0e0e4736'
const B = 'aaaabbbbccccddddeeeeffff00001111'
const SPAN = '00f067aa0ba902b7'
const parent = (trace: string): string => `00-${trace}-${SPAN}-01`
const run = parseTraceparent(parent(B), { pid: 0, startLow: 0, startHigh: 0 })

/** Basis, trace and holder that each record is stamped with, all of them taken in as one batch. */
function stamped(
  records: readonly Made[],
  table = new ProcessTable({ clockTicks: 100 }),
  context: typeof run | 'none' = run,
) {
  const bytes = Buffer.concat(records.map(recordOf))
  table.learn(bytes)
  let at = 0
  return records.map((record) => {
    const joint = Buffer.alloc(JOINT.bytes)
    table.stamp(bytes, at, joint, 0, context === 'none' ? undefined : context)
    at += recordOf(record).length
    const trace = joint.toString('hex', JOINT.trace, JOINT.trace + 16)
    return { basis: joint[JOINT.basis], trace, pid: joint.readUInt32LE(JOINT.pid) }
  })
}

test('a process acts under the context of its own environment, its children under its', () => {
  expect(
    stamped([
      { type: 'exec', pid: 10, start: 100n, at: 110n, traceparent: parent(A) },
      { type: 'exec', pid: 11, start: 120n, at: 121n, ppid: 10, parentStart: 100n },
      { type: 'open', pid: 12, start: 130n, at: 131n, ppid: 11, parentStart: 120n },
    ]),
  ).toEqual([
    { basis: 1, trace: A, pid: 10 },
    { basis: 2, trace: A, pid: 10 },
    { basis: 2, trace: A, pid: 10 },
  ])
})

test('without any, the run is what is known; and the context that a run hands out is no more than that', () => {
  expect(
    stamped([
      { type: 'exec', pid: 10, start: 100n, at: 110n },
      { type: 'exec', pid: 11, start: 120n, at: 121n, traceparent: parent(B) },
    ]),
  ).toEqual([
    { basis: 3, trace: B, pid: 0 },
    { basis: 3, trace: B, pid: 11 },
  ])
  expect(stamped([{ type: 'open', pid: 1, start: 1n, at: 2n }], new ProcessTable({ clockTicks: 100 }), 'none')).toEqual(
    [{ basis: 0, trace: '0'.repeat(32), pid: 0 }],
  )
})

test('what a process did before it became another program is not under the context of that', () => {
  const [open, exec] = stamped([
    { type: 'open', pid: 10, start: 100n, at: 105n },
    { type: 'exec', pid: 10, start: 100n, at: 110n, traceparent: parent(A) },
  ])
  expect([open?.basis, exec?.basis]).toEqual([3, 1])
})

test('a context that was cleared from the environment is kept by lineage', () => {
  const [, after] = stamped([
    { type: 'exec', pid: 10, start: 100n, at: 110n, traceparent: parent(A) },
    { type: 'exec', pid: 10, start: 100n, at: 120n },
  ])
  expect(after).toEqual({ basis: 2, trace: A, pid: 10 })
})

test('a child whose parent ended belongs to who made it, though its records name another and come first', () => {
  const table = new ProcessTable({ clockTicks: 100 })
  stamped([{ type: 'exec', pid: 10, start: 100n, at: 110n, traceparent: parent(A) }], table)
  const [open] = stamped(
    [
      { type: 'open', pid: 12, start: 130n, at: 140n, ppid: 1, parentStart: 1n },
      { type: 'fork', pid: 10, start: 100n, at: 130n, child: { pid: 12, start: 130n } },
    ],
    table,
  )
  expect(open).toEqual({ basis: 2, trace: A, pid: 10 })
})

test('a pid that is used again is another process', () => {
  const [, second] = stamped([
    { type: 'exec', pid: 10, start: 100n, at: 110n, traceparent: parent(A) },
    { type: 'open', pid: 10, start: 500n, at: 510n },
  ])
  expect(second?.basis).toBe(3)
})

test('what ran before it was watched is known by its start in ticks', () => {
  const table = new ProcessTable({ clockTicks: 100 })
  table.addRunning([
    { pid: 10, startTicks: 5, traceparent: parent(A) },
    { pid: 11, startTicks: 5, traceparent: parent(A) },
  ])
  const seen = stamped(
    [
      { type: 'open', pid: 10, start: 51_000_000n, at: 60_000_000n },
      { type: 'open', pid: 11, start: 91_000_000n, at: 99_000_000n },
    ],
    table,
  )
  expect(seen.map(({ basis }) => basis)).toEqual([1, 3])
})

test('a chain of any length keeps the context, and ended processes are forgotten', () => {
  const table = new ProcessTable({ clockTicks: 100 })
  stamped([{ type: 'exec', pid: 1000, start: 1n, at: 2n, traceparent: parent(A) }], table)
  for (let i = 1n; i <= 500n; i += 1n) {
    const pid = 1000 + Number(i)
    const of = { start: i + 1n, ppid: pid - 1, parentStart: i }
    expect(stamped([{ type: 'open', pid, at: i * 10n, ...of }], table)[0]?.trace).toBe(A)
    stamped([{ type: 'exit', pid, at: i * 10n, ...of }], table)
  }
  stamped([{ type: 'open', pid: 9_000, start: 5n, at: 120_000_000_000n }], table)
  table.sweep()
  // Those that did not end: the first of the chain, the last one seen, and who made both.
  expect(table.size).toBe(3)
})

test.each(['', 'garbage', `ff-${A}-${SPAN}-01`, `00-${'0'.repeat(32)}-${SPAN}-01`, `00-${A}-${'0'.repeat(16)}-01`])(
  '%j is no trace context',
  (text) => {
    expect(parseTraceparent(text, { pid: 1, startLow: 1, startHigh: 0 })).toBeUndefined()
  },
)
