import type { ControlRecord, RosterDecision, UnixNano } from '@holdfast/model'
import { expect, test } from 'vitest'
import { Rosters, type RosterSources } from './rosters.ts'

const ENTRY = { agent: 'desk', class: 'service', key: '', owner: 'ann', peers: [], dataClasses: [] }

/** What the version before is after each of these was pinned, the first with the agent itself. */
function before(...versions: readonly string[]): string | undefined {
  const [first = '', ...pinned] = versions
  const decisions = [
    { do: 'add', entry: { ...ENTRY, version: first } },
    ...pinned.map((version) => ({ do: 'pin', agent: 'desk', version })),
    { do: 'pin', agent: 'other', version: '9' },
  ] as unknown as readonly RosterDecision[] // members that are not read here are left out
  const records = decisions.map((decision, index) => ({
    index,
    recordedAt: 0n as UnixNano,
    record: { kind: 'roster', decision, reason: '', by: 'ann' } satisfies ControlRecord,
  }))
  const sources = { reader: { controls: () => records } }
  return new Rosters(sources as unknown as RosterSources).versionBefore('desk') // no other part is used
}

test('the version before is the one that stood before, never one that was gone back from', () => {
  expect(before('1.0')).toBeUndefined()
  expect(before('1.0', '2.0')).toBe('1.0')
  expect(before('0.9', '1.0', '2.0', '1.0')).toBe('0.9')
  expect(before('1.0', '2.0', '1.0')).toBeUndefined()
  expect(before('1.0', '2.0', '1.0', '2.1', '2.1')).toBe('1.0')
})
