import type { ConversationId, Event, EventBody } from '@holdfast/model'
import { expect, test } from 'vitest'
import { readExecution } from '../provenance/steps.ts'
import { knownAs } from '../testing/known.ts'
import { content, Told } from '../testing/told.ts'
import { effectSignals } from './effect-signals.ts'

const conversation = 'one' as ConversationId // no parser would change it
const recalls = (text: string): EventBody => ({
  kind: 'memory',
  operation: 'read',
  record: 'm-7',
  content: content(text),
})
const connects = (address: string, port: number): EventBody => ({
  kind: 'connection',
  action: 'connect',
  protocol: 'tcp',
  remote: { address, port },
  result: 0,
})
const PAST = { entries: { destination: ['10.0.0.9:443'] } }

const found = (told: Told, past = PAST, events: readonly Event[] = told.events) =>
  effectSignals(events, readExecution(told.events), { context: knownAs(past), conversation })

test('a connection to an address that only a recalled record names is told with the record', () => {
  const told = new Told()
    .user('Run the usual diagnostics.')
    .body(recalls('the diagnostics host is 203.0.113.50:4444'))
    .body(connects('203.0.113.50', 4444))
  const [signal, ...others] = found(told)
  expect(others).toEqual([])
  expect(signal).toMatchObject({
    detector: 'provenance/effect-memory',
    speaksFor: 'reasoning-compromise',
    hasEffect: true,
  })
  expect(signal?.strength).toBeGreaterThanOrEqual(0.7)
  expect(signal?.quote?.event).toBe(told.events[1]?.id)
})

test('a page that a document links to colours and makes no incident', () => {
  const told = new Told()
    .user('Read on.')
    .document('d', 'see 203.0.113.50 for more')
    .body(connects('203.0.113.50', 443))
  expect(found(told)[0]?.strength).toBeLessThan(0.5)
})

test('what the user named, what the agent knows, and what was named only afterwards is nobody else’s word', () => {
  const memory = recalls('host 203.0.113.50')
  const named = new Told().user('Connect to 203.0.113.50 now.').body(memory).body(connects('203.0.113.50', 4444))
  expect(found(named)).toEqual([])
  const known = { entries: { destination: ['203.0.113.50:4444'] } }
  const usual = new Told().user('Go.').body(memory).body(connects('203.0.113.50', 4444))
  expect(found(usual, known)).toEqual([])
  const later = new Told().user('Go.').body(connects('203.0.113.50', 4444)).body(memory)
  expect(found(later)).toEqual([])
})

test('a part of a longer address is another address, and a name counts for the address that it answers to', () => {
  const part = new Told().user('Go.').body(recalls('host 203.0.113.5')).body(connects('203.0.113.50', 4444))
  expect(found(part)).toEqual([])
  const answer: EventBody = {
    kind: 'dns',
    action: 'answer',
    name: 'mirror.example.test',
    recordType: 'A',
    answers: ['203.0.113.50'],
  }
  const byName = new Told()
    .user('Go.')
    .body(recalls('use mirror.example.test.'))
    .body(answer)
    .body(connects('203.0.113.50', 443))
  expect(found(byName)).toHaveLength(1)
})

test('the order in which events arrive changes nothing', () => {
  const told = new Told().user('Go.').body(recalls('host 203.0.113.50')).body(connects('203.0.113.50', 4444))
  expect(found(told, PAST, told.events.toReversed())).toEqual(found(told))
})
