import type { ControlRecord } from '@holdfast/model'
import { expect, test } from 'vitest'
import { RecordedControls } from '../testing/recorded-controls.ts'
import { deedsOf } from './deeds.ts'
import { CUSTODY_LINES } from './limits.ts'

function custodyOf(records: readonly ControlRecord[]) {
  const steps = deedsOf(new RecordedControls(records), {
    names: ['inc-1'],
    conversations: ['conv-1'],
    traces: ['aa'],
    agents: ['desk'],
    entries: new Set([7, 8]),
    events: new Set(['ev-1']),
  })
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

const read = (target: string): ControlRecord => ({
  kind: 'operator-action',
  action: 'reveal-content',
  actionId: 'a',
  by: 'ann',
  target,
  detail: '',
  outcome: 'intended',
})
const sealed: ControlRecord = { kind: 'case-step', incident: 'inc-1', deed: { kind: 'sealed' } }

test('custody has readings of the incident, its conversations and traces, and of its single entries and events', () => {
  const own = ['inc-1', 'conv-1', 'trace aa', 'desk', 'log entry 7', 'event ev-1']
  const others = ['inc-2', 'trace bb', 'log entry 70', 'log entry 7x', 'event ev-2', 'ev-1', '7']
  const { custody } = custodyOf([...own, ...others].map(read))
  expect(custody.map(({ entry }) => entry)).toEqual([0, 1, 2, 3, 4, 5])
})

test('too long a custody log keeps every seal and the newest readings, and counts the others', () => {
  const { custody, custodyLeftOut } = custodyOf([
    sealed,
    ...Array.from({ length: CUSTODY_LINES + 4 }, () => read('inc-1')),
    sealed,
  ])
  expect([custody.length, custodyLeftOut]).toEqual([CUSTODY_LINES, 6])
  expect(custody.filter(({ record }) => record.kind === 'case-step').map(({ entry }) => entry)).toEqual([
    0,
    CUSTODY_LINES + 5,
  ])
  expect(custody[1]?.entry).toBe(7)
})
