import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RosterDecision, RosterEntry } from '@holdfast/model'
import { approvalKey, refusalsOf, rosterOf, type RosterRecord } from './roster.ts'

const desk: RosterEntry = {
  agent: 'desk',
  owner: 'support',
  version: '1.0.0',
  key: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  peers: ['billing'],
  class: 'customer-facing',
  dataClasses: ['contact'],
}
const approved = { agent: 'desk', server: 'tickets', catalogue: 'c1', tools: [{ name: 'read', definition: 'd1' }] }

function records(...decisions: readonly RosterDecision[]): readonly RosterRecord[] {
  return decisions.map((decision, entry) => {
    return { entry, at: '2026-11-21T00:00:00Z', decision, reason: 'a test', by: 'admin' }
  })
}

const history = records(
  { do: 'add', entry: desk },
  { do: 'mode', mode: 'closed' },
  { do: 'pin', agent: 'desk', version: '1.1.0' },
  { do: 'approve-tools', approved: { ...approved, catalogue: 'c0', tools: [] } },
  { do: 'approve-tools', approved },
  { do: 'pin', agent: 'nobody', version: '9' },
  { do: 'not-admitted', agent: 'ghost', outcome: 'refused', reasons: ['it is not in the roster'] },
  { do: 'retire', agent: 'desk' },
)

test('the last decision of the log counts, and each is kept as what the state rests on', () => {
  const before = rosterOf(history.slice(0, -1))
  expect(before).toMatchObject({ mode: 'closed', agents: [{ ...desk, version: '1.1.0', state: 'active' }] })
  expect(before.tools).toEqual([approved])
  expect(before.decidedBy.get(approvalKey(approved))?.entry).toBe(4)
  expect(rosterOf(history).agents[0]?.state).toBe('retired')
})

test('decisions give the same roster in whatever order they are read', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...history], { minLength: history.length }), (shuffled) => {
      expect(rosterOf(shuffled)).toEqual(rosterOf(history))
    }),
  )
})

test('approving tools alone or refusing an agent begins no roster', () => {
  const some = records(
    { do: 'approve-tools', approved },
    { do: 'not-admitted', agent: 'ghost', outcome: 'reported', reasons: [] },
  )
  expect(rosterOf(some).isKept).toBe(false)
  expect(rosterOf(records({ do: 'mode', mode: 'open' })).isKept).toBe(true)
})

test.each([
  [{ names: ['desk'], version: '1.0.0', proof: 'proven' }, []],
  [{ names: ['host/a/desk', 'desk'], version: '1.0.0', proof: 'proven' }, []],
  [{ names: ['ghost'], version: '1.0.0', proof: 'proven' }, ['it is not in the roster']],
  [{ names: ['desk'], version: '1.0.0', proof: 'unproven' }, ['it did not prove its name with the key of the roster']],
  [{ names: ['desk'], version: '1.0.0', proof: 'wrong-key' }, ['it signed with another key than that of the roster']],
  [{ names: ['desk'], version: '1.0.1', proof: 'proven' }, ['version 1.0.0 is pinned, not 1.0.1']],
  [{ names: ['desk'], version: undefined, proof: 'proven' }, ['version 1.0.0 is pinned, and it named none']],
] as const)('an agent that presents itself as %j is told %j', (presented, reasons) => {
  expect(refusalsOf(rosterOf(records({ do: 'add', entry: desk })), presented)).toEqual(reasons)
})

test('a retired agent is not admitted with its own key and version', () => {
  const roster = rosterOf(records({ do: 'add', entry: desk }, { do: 'retire', agent: 'desk' }))
  expect(refusalsOf(roster, { names: ['desk'], version: '1.0.0', proof: 'proven' })).toEqual(['it is retired'])
})
