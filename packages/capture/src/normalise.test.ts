import { expect, test } from 'vitest'
import { normalise } from './normalise.ts'
import { spanEntry } from './dialects/testing/entries.ts'

test('a chat span gives its prompts, the call, the definitions and the outputs', () => {
  const { events, dialect, unmapped } = normalise(
    spanEntry({
      name: 'chat gpt-x',
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-x',
        'gen_ai.usage.input_tokens': 12,
        'gen_ai.system_instructions': JSON.stringify([{ type: 'text', content: 'You are the order desk.' }]),
        'gen_ai.input.messages': JSON.stringify([
          { role: 'user', parts: [{ type: 'text', content: 'Where is order 4711?' }] },
        ]),
        'gen_ai.output.messages': JSON.stringify([
          {
            role: 'assistant',
            parts: [{ type: 'tool_call', id: 'call_1', name: 'lookup_order', arguments: { order_id: '4711' } }],
            finish_reason: 'tool_call',
          },
        ]),
        'vendor.extra': 1,
      },
    }),
  )
  expect(dialect).toBe('otel-genai')
  expect(unmapped).toEqual(['vendor.extra'])
  expect(events.map((event) => event.id.split('.').slice(3).join('.'))).toEqual(['in.0', 'in.1', 'call', 'out.0'])
  expect(events.map((event) => event.body)).toMatchObject([
    { kind: 'prompt', role: 'system', ordinal: 0, content: { state: 'captured', text: 'You are the order desk.' } },
    { kind: 'prompt', role: 'user', ordinal: 1, content: { state: 'captured', text: 'Where is order 4711?' } },
    { kind: 'model-call', provider: 'openai', requestModel: 'gpt-x', messages: 2, usage: { inputTokens: 12 } },
    {
      kind: 'model-output',
      part: 'tool-request',
      toolName: 'lookup_order',
      callId: 'call_1',
      content: { text: '{"order_id":"4711"}', mediaType: 'application/json' },
    },
  ])
})

test('a chat span without content shows the prompt and the output as not captured', () => {
  const { events } = normalise(
    spanEntry({ name: 'chat m', attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' } }),
  )
  expect(events.map((event) => event.body)).toMatchObject([
    { kind: 'prompt', content: { state: 'not-captured', reason: 'instrumentation-omits' } },
    { kind: 'model-call', messages: 0 },
    { kind: 'model-output', content: { state: 'not-captured', reason: 'instrumentation-omits' } },
  ])
})

test('a span that no dialect maps is kept as a step with its unmapped keys', () => {
  const { events, dialect } = normalise(spanEntry({ name: 'cron tick', attributes: { 'job.name': 'nightly' } }))
  expect(dialect).toBe('unknown')
  expect(events.map((event) => event.body)).toEqual([
    { kind: 'step', name: 'cron tick', mapped: false, unmapped: ['job.name'] },
  ])
})

test('bytes that are not a span become one step that says why', () => {
  const entry = { ...spanEntry({ name: 'x', attributes: {} }), body: new TextEncoder().encode('{"name":') }
  expect(normalise(entry).events.map((event) => event.body)).toEqual([
    { kind: 'step', name: 'unreadable record', mapped: false, error: 'the bytes are not JSON', unmapped: [] },
  ])
})

test('what a bound drops is counted, and no stated field can be of any size', () => {
  const messages = Array.from({ length: 10_005 }, () => ({ role: 'user', content: 'x' }))
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'm'.repeat(9000),
    'gen_ai.input.messages': JSON.stringify(messages),
    'gen_ai.output.messages': '[]',
  }
  const { events, cut } = normalise(spanEntry({ name: 'chat', attributes }))
  expect(cut).toBe(5)
  expect(events.filter(({ body }) => body.kind === 'prompt')).toHaveLength(10_000)
  const call = events.find(({ body }) => body.kind === 'model-call')
  expect(call?.body).toMatchObject({ messages: 10_005, requestModel: 'm'.repeat(4096) })
})
