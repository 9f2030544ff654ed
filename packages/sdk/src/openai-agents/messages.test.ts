import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { jsonText } from './json.ts'
import { toMessages, toOutputMessages } from './messages.ts'

const ARGUMENTS = '{"order_id":"4711"}'
const CALL = { type: 'tool_call', id: 'call_1', name: 'lookup_order', arguments: { order_id: '4711' } }

test('the library, the Responses API and Chat Completions spell one exchange, and it reads the same', () => {
  const kept = [
    { type: 'message', role: 'user', content: 'Where is it?' },
    { type: 'function_call', callId: 'call_1', name: 'lookup_order', arguments: ARGUMENTS },
    { type: 'function_call_result', callId: 'call_1', name: 'lookup_order', output: { type: 'text', text: 'shipped' } },
  ]
  const responses = [
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Where is it?' }] },
    { type: 'function_call', call_id: 'call_1', name: 'lookup_order', arguments: ARGUMENTS },
    { type: 'function_call_output', call_id: 'call_1', output: 'shipped' },
  ]
  const call = { id: 'call_1', type: 'function', function: { name: 'lookup_order', arguments: ARGUMENTS } }
  const chat = [
    { role: 'user', content: 'Where is it?' },
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'tool', tool_call_id: 'call_1', content: 'shipped' },
  ]
  const expected = [
    { role: 'user', parts: [{ type: 'text', content: 'Where is it?' }] },
    { role: 'assistant', parts: [CALL] },
    { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_1', response: 'shipped' }] },
  ]
  for (const spelling of [kept, responses, chat]) expect(toMessages(spelling)).toEqual(expected)
})

test('reasoning, text and call of one answer are one message that stopped for the tool', () => {
  const output = [
    { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Look it up.' }] },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'One moment.' }] },
    { type: 'function_call', call_id: 'call_1', name: 'lookup_order', arguments: ARGUMENTS },
  ]
  expect(toOutputMessages(output, undefined)).toEqual([
    {
      role: 'assistant',
      parts: [{ type: 'reasoning', content: 'Look it up.' }, { type: 'text', content: 'One moment.' }, CALL],
      finish_reason: 'tool_call',
    },
  ])
})

test('what it does not know is kept whole', () => {
  const item = { type: 'computer_call', call_id: 'c', action: { type: 'click', x: 1 } }
  expect(toMessages([item])).toEqual([{ role: 'assistant', parts: [item] }])
  const image = { type: 'input_image', image_url: 'https://example/x.png' }
  expect(toMessages([{ role: 'user', content: [image] }])).toEqual([{ role: 'user', parts: [image] }])
})

test('arguments that are no JSON stay text', () => {
  const [message] = toMessages([{ type: 'function_call', call_id: 'c', name: 'f', arguments: '{"a":' }])
  expect(message?.parts).toEqual([{ type: 'tool_call', id: 'c', name: 'f', arguments: '{"a":' }])
})

test('no input makes it throw', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      jsonText(toMessages(value))
      jsonText(toOutputMessages([value], undefined))
    }),
  )
})
