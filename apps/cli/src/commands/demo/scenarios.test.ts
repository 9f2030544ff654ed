import { expect, test } from 'vitest'
import { outcomesOf, parseCannotStay, parseStaying, parseStep } from './scenarios.ts'

const step = (scenario: string, status: 'started' | 'finished' | 'failed', conversation?: string) => ({
  scenario,
  status,
  detail: `${scenario} ${status}`,
  conversation,
})

test('a scenario that never finished has failed', () => {
  expect(
    outcomesOf([step('a', 'started'), step('b', 'started'), step('a', 'finished', 'c1'), step('a', 'finished', 'c1')]),
  ).toEqual([
    { name: 'a', status: 'finished', detail: 'a finished', conversations: ['c1'] },
    { name: 'b', status: 'failed', detail: 'it did not finish', conversations: [] },
  ])
})

test('a failure is not undone by a later step', () => {
  expect(outcomesOf([step('a', 'failed'), step('a', 'finished')])[0]?.status).toBe('failed')
})

test('a line that is no progress is not taken for it', () => {
  expect(parseStep('listening on 1234')).toBeUndefined()
  expect(parseStep('null')).toBeUndefined()
  expect(parseStep('{"scenario":"a","status":"unheard-of"}')).toBeUndefined()
  expect(parseStep('{"scenario":"a","status":"started"}')).toEqual({
    scenario: 'a',
    status: 'started',
    detail: '',
    conversation: undefined,
  })
})

test('the line that names stories whose agents go on is no progress, and no other line is it', () => {
  const line = '{"staying":["refund-agent"]}'
  expect([parseStaying(line), parseStep(line)]).toEqual([['refund-agent'], undefined])
  for (const other of ['{"staying":[1]}', '{"scenario":"a","status":"started"}', 'null', 'talk'])
    expect(parseStaying(other)).toBeUndefined()
})

test('why an agent cannot go on is read of its own line alone, and why one did not is part of what became of its story', () => {
  const line = '{"cannotStay":"user 1000 may not load kernel programs"}'
  expect([parseCannotStay(line), parseStep(line), parseStaying(line)]).toEqual([
    'user 1000 may not load kernel programs',
    undefined,
    undefined,
  ])
  for (const other of ['{"cannotStay":1}', '{"staying":[]}', 'talk']) expect(parseCannotStay(other)).toBeUndefined()
  const ended = parseStep(
    '{"scenario":"refund-agent","status":"finished","incident":"inc-1","ended":"the sensor is off"}',
  )
  expect(ended === undefined ? [] : outcomesOf([ended])).toMatchObject([
    { name: 'refund-agent', status: 'finished', incident: 'inc-1', ended: 'the sensor is off' },
  ])
})
