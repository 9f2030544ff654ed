import type { AgentId, ConversationId, EventId, UnixNano } from '@holdfast/model'
import { expect, test } from 'vitest'
import type { RetrievedItem } from '../signals/retrieval-share.ts'
import { type PersonsReport, reportedSignals } from './reported.ts'

const report: PersonsReport = {
  agent: 'host:h/guide' as AgentId, // of the form that agents of hosts have
  type: 'reasoning-compromise',
  reason: 'it favours option B',
  by: 'kim',
  event: 'control.9.a' as EventId, // as normalised control records have
  entry: 9,
  at: 100n as UnixNano, // small enough
}
const item = (origin: string, countOn: (day: number) => number): RetrievedItem => ({
  origin,
  days: Array.from({ length: 30 }, (_, day) => ({ day, count: countOn(day) })),
  versions: [{ version: 'v7', day: 0, claimedAt: 1n, event: 'e7', entry: 7 }],
})
const about = {
  conversation: 'one' as ConversationId, // no parser would change it
  retrieved: [item('G-12', (day) => 1 + day), item('G-1', () => 20)],
  writesOf: () => [{ event: 'w1' as EventId, entry: 3 }],
}

test('a report of a reasoning compromise names the item that rose, its version and who wrote it', () => {
  const [word, rising] = reportedSignals([report], about)
  expect(word).toMatchObject({ detector: 'report/person', speaksFor: 'reasoning-compromise', entries: [9] })
  expect(rising).toMatchObject({ detector: 'retrieval/rising-share', events: ['w1', 'e7'], entries: [3, 7] })
  expect(rising?.words).toContain('“G-12@v7”')
})

test('a report of another type says what the person said, and looks for no item', () => {
  const signals = reportedSignals([{ ...report, type: 'privilege-boundary-escape' }], about)
  expect(signals).toMatchObject([{ speaksFor: 'privilege-boundary-escape', surface: 'S3' }])
})
