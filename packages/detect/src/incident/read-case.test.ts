import type { ConversationId, EventBody } from '@holdfast/model'
import { expect, test } from 'vitest'
import { content, Told } from '../testing/told.ts'
import { joinsOf, readCase } from './read-case.ts'

const joins = (body: EventBody) => new Told().body(body).events.flatMap(joinsOf)
const identity = (principal: string): EventBody => ({
  kind: 'identity',
  principal,
  principalKind: 'role',
  statedBy: 'holdfast.identity.principal',
})

test('an agent that states a session of a role joins what an authority recorded of that session', () => {
  const recorded: EventBody = {
    kind: 'api-call',
    plane: 'aws',
    principal: { id: 'arn:aws:iam::111122223333:role/desk', kind: 'role', plane: 'aws', session: 'run-7', via: [] },
    action: 's3:PutObject',
    resources: [],
    decision: 'allowed',
    request: { state: 'not-captured', reason: 'not-seen' },
    response: { state: 'not-captured', reason: 'not-seen' },
  }
  expect(joins(recorded)).toEqual(['session:arn:aws:iam::111122223333:role/desk:run-7'])
  expect(joins(identity('arn:aws:sts::111122223333:assumed-role/desk/run-7'))).toEqual(joins(recorded))
})

test('memory records that were read are told as they were read, whatever arrived first', () => {
  const read = (record: string): EventBody => ({
    kind: 'memory',
    operation: 'read',
    store: 'notes',
    record,
    content: content('-'),
  })
  const { events } = new Told().body(read('b')).body(read('c')).body(read('a'))
  const conversation = 'one' as ConversationId // no parser would change it
  for (const arrived of [events, events.toReversed()])
    expect(readCase(arrived, { conversation }).recalls.map(({ record }) => record)).toEqual([
      'notes/b',
      'notes/c',
      'notes/a',
    ])
})
