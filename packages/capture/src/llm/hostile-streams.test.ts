import { expect, test } from 'vitest'
import { anthropicMessages } from './anthropic-messages.ts'
import { usageOf } from './fields.ts'
import { googleGenerate } from './google-generate.ts'
import { openaiChat } from './openai-chat.ts'

/* An agent may be its own provider: what it streams must cost time in proportion. Slow tests end by their time limit. */

function events(chunks: readonly object[]) {
  return chunks.map((chunk) => ({ event: 'message', data: JSON.stringify(chunk), id: '' }))
}

const NAMES = 60_000
const named = Array.from({ length: NAMES }, (_, i) => ({ [`name${i}`]: i }))

test('a message whose every delta has another name is put together', () => {
  const deltas = named.map((delta) => ({ type: 'message_delta', delta, usage: delta }))
  const told = anthropicMessages.assemble(events([{ type: 'message_start', message: { id: 'm' } }, ...deltas]))
  expect(told).toMatchObject({ id: 'm', name0: 0, [`name${NAMES - 1}`]: NAMES - 1 })
})

test('a candidate whose every chunk has another name is put together', () => {
  const chunks = named.map((one) => ({ candidates: [{ index: 0, ...one }] }))
  const told = googleGenerate.assemble(events(chunks))
  expect(told?.['candidates']).toEqual([expect.objectContaining({ [`name${NAMES - 1}`]: NAMES - 1 })])
})

test('text that goes on behind a part of many names is put together', () => {
  const first = { ...Object.assign({}, ...named), text: 'a' } as object
  const chunks = [first, ...Array.from({ length: 20_000 }, () => ({ text: 'b' }))]
  const told = googleGenerate.assemble(events(chunks.map((part) => ({ candidates: [{ content: { parts: [part] } }] }))))
  expect(told?.['candidates']).toEqual([
    {
      content: {
        role: 'model',
        parts: [expect.objectContaining({ text: `a${'b'.repeat(20_000)}`, [`name${NAMES - 1}`]: NAMES - 1 })],
      },
    },
  ])
})

test('names that objects have of their own are names like others', () => {
  const start = { event: 'message', data: '{"type":"message_start","message":{}}', id: '' }
  const data = '{"type":"message_delta","delta":{"__proto__":{"stop_reason":"forged"},"constructor":1}}'
  const told = anthropicMessages.assemble([start, { event: 'message', data, id: '' }])
  expect(anthropicMessages.finishReasons(told ?? {})).toEqual([])
  expect(Object.getPrototypeOf(told)).toBe(Object.prototype)
})

test.each([1e308 * 10, -1, 0.5, 2 ** 60, '7', null, [7]])('a count of %s is no count', (count) => {
  expect(
    usageOf(
      { input_tokens: count, output_tokens: 3 },
      { inputTokens: ['input_tokens'], outputTokens: ['output_tokens'] },
    ),
  ).toEqual({ outputTokens: 3 })
})

test('data behind more than one blank is read', () => {
  const data = '  {"choices":[{"delta":{"content":"hey"}}]}'
  expect(openaiChat.assemble([{ event: 'message', data, id: '' }])).toMatchObject({
    choices: [{ message: { content: 'hey' } }],
  })
})
