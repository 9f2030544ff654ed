import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_CALLS, MAX_TEXT_CHARS } from '../limits.ts'
import { content, Told } from '../testing/told.ts'
import { readExecution } from './steps.ts'

const channels = (told: Told): readonly string[] =>
  readExecution(told.events).steps.map((step) => (step.kind === 'call' ? `call ${step.tool}` : step.channel))

test('each text is told by the way it came', () => {
  const told = new Told()
    .system('You help.')
    .user('Read the note')
    .calls('read_note', {}, 'a note')
    .document('kb://1', 'a page')
    .says('Done.')
  expect(channels(told)).toEqual(['system', 'user', 'call read_note', 'tool', 'document', 'model'])
})
test("a prompt's template is the agent's own, and no document that came in", () => {
  const template = 'You are the desk. Read the ticket and reply to the customer.'
  const told = new Told().user('Handle ticket 4711.').body({
    kind: 'context-item',
    ordinal: 0,
    origin: 'desk/system',
    dataSource: 'prompt-template',
    query: { state: 'not-captured', reason: 'not-seen' },
    content: content(template),
  })
  expect(channels(told)).toEqual(['user', 'system'])
})
test('a user who speaks again after an answer is the owner still', () => {
  expect(
    channels(new Told().user('Read it').calls('read_note', {}, 'x y').says('It says x.').user('And now?')),
  ).toEqual(['user', 'call read_note', 'tool', 'model', 'user'])
})
test('a text on the channel of the user while the agent works is of the harness', () => {
  expect(channels(new Told().user('Read it').calls('read_note', {}, 'x y').user('Go on.'))).toContain('harness')
})
test('a text that names a tool as programs do is of the harness', () => {
  const told = new Told().user('Read it').calls('read_note', {}, 'x y').says('Done').user('Use read_note next')
  expect(channels(told).at(-1)).toBe('harness')
})
test('what is told again counts once', () => {
  const told = new Told().user('Read it').user('Read it').calls('read_note', {}, 'x')
  told.body({ kind: 'prompt', role: 'tool', ordinal: 2, content: content('x'), callId: 'call-1' })
  expect(channels(told)).toEqual(['user', 'call read_note', 'tool'])
})
test('a request for a tool is a call where nothing else tells of the call', () => {
  const asks = (callId: string) =>
    ({
      kind: 'model-output',
      ordinal: 0,
      part: 'tool-request',
      content: content('{"to":"bo"}'),
      toolName: 'send',
      callId,
    }) as const
  expect(channels(new Told().user('Hi').body(asks('a')))).toEqual(['user', 'call send'])
  const both = new Told().user('Hi').body(asks('call-1')).calls('send', { to: 'bo' })
  expect(channels(both)).toEqual(['user', 'call send'])
})
test('texts that were not captured are counted', () => {
  const told = new Told().user('Hi').body({
    kind: 'tool-result',
    toolName: 'read',
    result: { state: 'not-captured', reason: 'instrumentation-omits' },
  })
  expect(readExecution(told.events).notCaptured).toBe(1)
})
test('what the bounds leave out is counted', () => {
  const told = new Told().user('Hi').calls('read', {}, 'x'.repeat(5_000_000))
  expect(readExecution(told.events).unread).toEqual({ texts: 0, calls: 0, chars: 5_000_000 - MAX_TEXT_CHARS, cut: 1 })
  const busy = new Told()
  for (let i = 0; i < MAX_CALLS + 3; i++) busy.calls('read', { i })
  expect(readExecution(busy.events).unread.calls).toBe(3)
})
test('the steps do not depend on the order in which events arrive', () => {
  const told = new Told().system('You help.').user('Read it')
  for (let i = 0; i < 12; i++) told.calls('read_note', { i }, `note ${i}`)
  const steps = readExecution(told.events).steps
  fc.assert(
    fc.property(fc.shuffledSubarray(told.events, { minLength: told.events.length }), (shuffled) => {
      expect(readExecution(shuffled).steps).toEqual(steps)
    }),
  )
})
