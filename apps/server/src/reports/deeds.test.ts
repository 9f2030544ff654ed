import { finished } from '@holdfast/detect'
import type { ControlRecord } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecordedControls } from '../testing/recorded-controls.ts'
import { DeedIndex } from '../timeline/deed-index.ts'
import { DEED_KINDS, deedsOf, type DeedPlaces } from './deeds.ts'
import { CUSTODY_LINES } from './limits.ts'

const ABOUT = {
  names: ['inc-1'],
  conversations: ['conv-1'],
  traces: ['aa'],
  agents: ['desk'],
  entries: new Set([7, 8]),
  events: new Set(['ev-1']),
}

function custodyOf(records: readonly ControlRecord[]) {
  const reader = new RecordedControls(records)
  return finished(deedsOf({ reader, places: new DeedIndex(reader) }, ABOUT))
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

test('who signed in and out is no custody, whatever an agent calls its conversation', () => {
  const named = { ...ABOUT, conversations: ['workspace', 'ann', 'traces.json'] }
  const signed = (action: string, target: string): ControlRecord => ({ ...read(target), action }) as ControlRecord // one field of it is another
  const reader = new RecordedControls([
    signed('sign-out', 'workspace'),
    signed('sign-in-link', 'ann'),
    signed('import', 'traces.json'),
    signed('export-evidence', 'workspace'),
  ])
  for (const places of [new DeedIndex(reader), FORGETFUL]) {
    const { custody, moments } = finished(deedsOf({ reader, places }, named))
    expect([custody.map(({ entry }) => entry), moments.length]).toEqual([[3], 1])
  }
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

/** Any of these may name the incident, or what of it is asked for. */
const TARGETS = ['inc-1', 'inc-2', 'conv-1', 'conv-2', 'desk', 'clerk', 'trace aa', 'log entry 7', 'event ev-1', '7']

/** A record of any kind that tells of work on incidents, as far as it is read here. */
const deed: fc.Arbitrary<ControlRecord> = fc
  .record({
    kind: fc.constantFrom(...DEED_KINDS),
    target: fc.constantFrom(...TARGETS),
    agent: fc.constantFrom(...TARGETS),
    does: fc.constantFrom('sealed', 'opened'),
  })
  .map(
    ({ kind, target, agent, does }) =>
      ({
        kind,
        incident: target,
        target,
        conversation: target,
        detail: '',
        reason: '',
        state: '',
        plan: kind === 'containment' ? { target, agent, agentName: agent, rung: 'pause' } : 'plan',
        decision: { kind: does, incident: target },
        deed: { kind: does },
        hold: { kind: does },
        do: does,
      }) as unknown as ControlRecord, // of each kind there is what is read of it
  )

/** One that has forgotten something gives nothing: then the log is read itself. */
const FORGETFUL: DeedPlaces = { caughtUp: function* () {}, of: () => [], dropped: 1 }

test('what the index leads to is what the whole log tells, in its order, however far it was read on', () => {
  fc.assert(
    fc.property(fc.array(fc.array(deed, { maxLength: 30 }), { maxLength: 4 }), (batches) => {
      const reader = new RecordedControls()
      const places = new DeedIndex(reader)
      for (const batch of batches) {
        for (const record of batch) reader.add(record)
        const [indexed, direct] = [places, FORGETFUL].map((of) => finished(deedsOf({ reader, places: of }, ABOUT)))
        expect(indexed).toEqual(direct)
      }
    }),
  )
})
