import type { ControlRecord, RosterDecision } from '@holdfast/model'
import { expect, test } from 'vitest'
import { RecordedControls } from '../testing/recorded-controls.ts'
import { NOT_ADMITTED_SHOWN } from './limits.ts'
import { RosterLog } from './roster-log.ts'

const closed: RosterDecision = { do: 'mode', mode: 'closed' }
const reported = refusal('ghost', { outcome: 'reported' })

function refusal(agent: string, more: Partial<RosterDecision & { readonly do: 'not-admitted' }> = {}): RosterDecision {
  return { do: 'not-admitted', agent, outcome: 'refused', reasons: ['it is not in the roster'], ...more }
}

function logOf(...decisions: readonly RosterDecision[]): RecordedControls {
  return new RecordedControls(decisions.map(recordOf))
}

function recordOf(decision: RosterDecision): ControlRecord {
  return { kind: 'roster', decision, reason: 'a test', by: 'ann' }
}

/** By name and kind: how often, and what the newest came to. */
function told(roster: RosterLog, size: number) {
  return roster
    .at(size)
    .notAdmitted.all()
    .map(({ agent, kind, times, outcome }) => [agent, kind, times, outcome])
}

test('a question costs what was decided since the last one', () => {
  const log = logOf(closed, ...Array.from({ length: 50 }, () => refusal('ghost')))
  const roster = new RosterLog(log)
  expect(told(roster, log.size())).toEqual([['ghost', 'not-admitted', 50, 'refused']])
  const read = log.read
  log.add(recordOf(reported))
  expect(told(roster, log.size())).toEqual([['ghost', 'not-admitted', 51, 'reported']])
  expect(roster.now().mode).toBe('closed')
  expect(log.read).toBe(read + 1)
})

test('an earlier instant has what the log held by then', () => {
  const log = logOf(reported, refusal('desk', { fault: 'impersonation' }), refusal('ghost'), closed)
  const roster = new RosterLog(log)
  expect([roster.at(3).state.mode, roster.at(4).state.mode]).toEqual(['open', 'closed'])
  expect(told(roster, 1)).toEqual([['ghost', 'not-admitted', 1, 'reported']])
  expect(told(roster, 4)).toEqual([
    ['ghost', 'not-admitted', 2, 'refused'],
    ['desk', 'impersonation', 1, 'refused'],
  ])
})

test('of one name all starts are counted, and the newest are named', () => {
  const log = logOf(...Array.from({ length: NOT_ADMITTED_SHOWN + 5 }, () => refusal('ghost')))
  const [ghost] = new RosterLog(log).at(log.size()).notAdmitted.of('ghost')
  expect([ghost?.times, ghost?.entries.length, ghost?.entries[0], ghost?.since]).toEqual([
    NOT_ADMITTED_SHOWN + 5,
    NOT_ADMITTED_SHOWN,
    5,
    '1970-01-01T00:00:00Z',
  ])
})

test('names past the bound are told all the same: they are read from the log', () => {
  const log = logOf(...Array.from({ length: 8 }, (_, each) => refusal(`ghost-${each % 4}`)))
  const bounded = new RosterLog(log, { mostNames: 3 })
  expect(told(bounded, log.size())).toEqual(told(new RosterLog(log), log.size()))
  const read = log.read
  expect(told(bounded, log.size())).toHaveLength(4)
  expect(log.read).toBe(read + 8)
})
