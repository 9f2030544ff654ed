import fc from 'fast-check'
import { expect, test } from 'vitest'
import { injectTraceparent } from './inject.ts'

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

function injected(text: string): string | undefined {
  return injectTraceparent(Buffer.from(text), TRACEPARENT)?.toString()
}

test.each([
  [
    'no _meta',
    '{"id":1,"method":"tools/call","params":{"name":"x"}}',
    '{"id":1,"method":"tools/call","params":{"_meta":{"traceparent":"T"},"name":"x"}}',
  ],
  [
    'empty params',
    '{"params" : { } ,"id":"a","method":"tools/call"}',
    '{"params" : {"_meta":{"traceparent":"T"} } ,"id":"a","method":"tools/call"}',
  ],
  [
    'other _meta',
    '{"id":1,"method":"prompts/get","params":{"_meta":{"progressToken":7}}}',
    '{"id":1,"method":"prompts/get","params":{"_meta":{"traceparent":"T","progressToken":7}}}',
  ],
  [
    'empty _meta',
    '{"id":1,"method":"resources/read","params":{"_meta":{}}}',
    '{"id":1,"method":"resources/read","params":{"_meta":{"traceparent":"T"}}}',
  ],
])('a request with %s gets a trace context, and nothing else changes', (_, text, expected) => {
  expect(injected(text)).toBe(expected.replace('T"}', `${TRACEPARENT}"}`).replace('"T"', `"${TRACEPARENT}"`))
})

test.each([
  ['a notification', '{"method":"tools/call","params":{}}'],
  ['an answer', '{"id":1,"result":{}}'],
  ['another method', '{"id":1,"method":"initialize","params":{}}'],
  ['no params', '{"id":1,"method":"tools/call"}'],
  ['params that are a list', '{"id":1,"method":"tools/call","params":[1]}'],
  ['a trace context of its own', '{"id":1,"method":"tools/call","params":{"_meta":{"traceparent":"00-x"}}}'],
  ['a _meta that is no object', '{"id":1,"method":"tools/call","params":{"_meta":1}}'],
  ['a member named twice', '{"id":1,"method":"tools/call","params":{},"params":{}}'],
  ['a batch', '[{"id":1,"method":"tools/call","params":{}}]'],
  ['no JSON', 'tools/call {'],
  ['a cut message', '{"id":1,"method":"tools/call","params":{"name":"x'],
])('%s passes unchanged', (_, text) => {
  expect(injected(text)).toBeUndefined()
})

test('whatever the params, what is put in is all that differs', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 1, '\t'), (made, indent) => {
      // As JSON can say it: it has no negative zero.
      const params: typeof made = JSON.parse(JSON.stringify(made))
      const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params }
      const text = JSON.stringify(message, null, indent)
      const changed = injected(text)
      // A `_meta` that is no object, or has a trace context, is left alone.
      if (changed === undefined) return expect(Object.hasOwn(params, '_meta')).toBe(true)
      const { _meta, ...rest } = JSON.parse(changed).params
      const { _meta: own = {}, ...others } = params
      expect(rest).toEqual(others)
      expect(_meta).toEqual({ ...Object(own), traceparent: TRACEPARENT })
    }),
  )
})

test('arbitrary bytes are answered', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(injectTraceparent(bytes, TRACEPARENT)).toBeUndefined()
    }),
  )
})
