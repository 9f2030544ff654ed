import { describe, expect, test } from 'vitest'
import { normalise } from '../normalise.ts'
import { logEntry, spanEntry } from './testing/entries.ts'
import type { TestAttributes } from './testing/entries.ts'

const CALL = { id: 'call_1', name: 'lookup_order', arguments: { order_id: '4711' } }

describe('CAP-4 both generations of names give equal events apart from the stamp', () => {
  const newNames = spanEntry({
    name: 'chat m',
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'm',
      'gen_ai.usage.input_tokens': 5,
      'gen_ai.usage.output_tokens': 2,
      'gen_ai.usage.cache_write.input_tokens': 1,
      'gen_ai.input.messages': JSON.stringify([
        { role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] },
        { role: 'user', parts: [{ type: 'text', content: 'Where is it?' }] },
        { role: 'assistant', parts: [{ type: 'tool_call', ...CALL }] },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_1', response: 'shipped' }] },
      ]),
      'gen_ai.output.messages': JSON.stringify([
        { role: 'assistant', parts: [{ type: 'text', content: 'On its way.' }] },
      ]),
    },
  })
  const calls = JSON.stringify([
    { id: 'call_1', type: 'function', function: { name: 'lookup_order', arguments: { order_id: '4711' } } },
  ])
  const oldNames = spanEntry({
    name: 'chat m',
    attributes: {
      'gen_ai.system': 'openai',
      'gen_ai.request.model': 'm',
      'gen_ai.usage.prompt_tokens': 5,
      'gen_ai.usage.completion_tokens': 2,
      'gen_ai.usage.cache_creation_input_tokens': 1,
    },
    events: [
      { name: 'gen_ai.system.message', attributes: { content: 'Be brief.' } },
      { name: 'gen_ai.user.message', attributes: { content: 'Where is it?' } },
      { name: 'gen_ai.assistant.message', attributes: { tool_calls: calls } },
      { name: 'gen_ai.tool.message', attributes: { content: 'shipped', id: 'call_1' } },
      {
        name: 'gen_ai.choice',
        attributes: {
          index: 0,
          finish_reason: 'stop',
          message: JSON.stringify({ role: 'assistant', content: 'On its way.' }),
        },
      },
    ],
  })

  test('on spans', () => {
    expect(bodies(oldNames)).toEqual(bodies(newNames))
    expect(normalise(newNames).events).toHaveLength(6)
  })
})

test('the oldest form, one attribute for all that was asked, gives the same messages', () => {
  const entry = spanEntry({
    name: 'chat',
    attributes: {
      'gen_ai.system': 'openai',
      'gen_ai.request.model': 'm',
      'gen_ai.prompt': JSON.stringify([{ role: 'user', content: 'Hi' }]),
      'gen_ai.completion': JSON.stringify([{ role: 'assistant', content: 'Hello' }]),
    },
  })
  expect(bodies(entry)).toMatchObject([
    { kind: 'prompt', content: { text: 'Hi' } },
    { kind: 'model-call' },
    { kind: 'model-output', content: { text: 'Hello' } },
  ])
})

test('a tool result is read as `response` and as `result`', () => {
  const input = (part: object): TestAttributes => ({
    'gen_ai.operation.name': 'chat',
    'gen_ai.input.messages': JSON.stringify([
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c', ...part }] },
    ]),
  })
  const of = (part: object): unknown => bodies(spanEntry({ name: 'chat', attributes: input(part) }))
  expect(of({ result: { ok: true } })).toEqual(of({ response: { ok: true } }))
})

test('content as JSON text on spans and as values on log events is the same', () => {
  const messages = [{ role: 'user', parts: [{ type: 'text', content: 'Hello' }] }]
  const details = (value: TestAttributes): unknown =>
    bodies(
      logEntry({
        eventName: 'gen_ai.client.inference.operation.details',
        attributes: { 'gen_ai.operation.name': 'chat', ...value },
      }),
    )
  expect(details({ 'gen_ai.input.messages': JSON.stringify(messages) })).toEqual(
    details({ 'gen_ai.input.messages': messages }),
  )
})

test('the details event stands for the call where it has no span, and for its messages where it has one', () => {
  const attributes = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm', 'gen_ai.input.messages': 'Hi' }
  const eventName = 'gen_ai.client.inference.operation.details'
  const kinds = (trace: object): readonly string[] =>
    normalise(logEntry({ eventName, attributes, ...trace })).events.map((event) => event.body.kind)
  expect(kinds({})).toEqual(['prompt', 'model-output'])
  expect(kinds({ trace: false })).toEqual(['prompt', 'model-call', 'model-output'])
})

test('messages by reference are not captured, because nobody fetched them', () => {
  const { events } = normalise(
    spanEntry({
      name: 'chat',
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.input.messages_ref': 's3://b/in',
        'gen_ai.output.messages_ref': 's3://b/out',
      },
    }),
  )
  expect(events.flatMap(({ body }) => ('content' in body ? [body.content] : []))).toEqual([
    { state: 'not-captured', reason: 'reference-only' },
    { state: 'not-captured', reason: 'reference-only' },
  ])
})

test('an empty prompt is captured with zero bytes, and does not look like a missing one', () => {
  const { events } = normalise(
    spanEntry({
      name: 'chat',
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: '' }] }]),
      },
    }),
  )
  expect(events[0]?.body).toMatchObject({ kind: 'prompt', content: { state: 'captured', bytes: 0 } })
})

test('only contents that hold a mask are redacted', () => {
  const masks = [{ rule: 'github-token', start: 1, bytes: 40 }]
  const attributes = {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'push',
    'gen_ai.tool.call.arguments': '{"token":"[masked:github-token]*****"}',
    'gen_ai.tool.call.result': 'done',
  }
  const states = (entry: Parameters<typeof normalise>[0]): readonly unknown[] =>
    normalise(entry).events.map(({ body }) =>
      body.kind === 'tool-call' ? body.arguments.state : body.kind === 'tool-result' ? body.result.state : body.kind,
    )
  expect(states(spanEntry({ name: 'execute_tool push', attributes, masks }))).toEqual(['redacted', 'captured'])
  // The marker alone proves nothing: an agent may write it itself.
  expect(states(spanEntry({ name: 'execute_tool push', attributes }))).toEqual(['captured', 'captured'])
})

test('a failed tool call says so on its result', () => {
  const entry = spanEntry({
    name: 'execute_tool t',
    attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 't' },
    status: { code: 2, message: 'timeout' },
  })
  expect(bodies(entry)).toMatchObject([{ kind: 'tool-call' }, { kind: 'tool-result', error: 'timeout' }])
})

test.each([
  ['search_memory', 'read'],
  ['upsert_memory', 'write'],
  ['delete_memory', 'delete'],
])('%s is memory %s', (name, operation) => {
  expect(
    bodies(
      spanEntry({
        name,
        attributes: {
          'gen_ai.operation.name': name,
          'gen_ai.memory.store.id': 'notes',
          'gen_ai.memory.query.text': 'q',
        },
      }),
    ),
  ).toMatchObject([{ kind: 'memory', operation, store: 'notes', content: { text: 'q' } }])
})

test('a handoff and an A2A message are delegations', () => {
  expect(
    bodies(
      spanEntry({
        name: 'handoff',
        attributes: { 'gen_ai.handoff.from_agent': 'triage', 'gen_ai.handoff.to_agent': 'refunds' },
      }),
    ),
  ).toMatchObject([{ kind: 'delegation', mechanism: 'handoff', from: 'triage', to: 'refunds' }])
  expect(
    bodies(
      spanEntry({
        name: 'a2a',
        attributes: {
          'gen_ai.provider.name': 'a2a',
          'a2a.method.name': 'message/send',
          'a2a.task.id': 't1',
          'server.address': 'peer',
        },
      }),
    ),
  ).toMatchObject([{ kind: 'delegation', mechanism: 'a2a', delegationId: 't1', to: 'peer' }])
})

test('a guardrail verdict is kept with its target', () => {
  const attributes = {
    'gen_ai.operation.name': 'run_guardrail',
    'gen_ai.guardrail.name': 'pii',
    'gen_ai.guardrail.verdict.type': 'deny',
    'gen_ai.guardrail.target.type': 'output',
  }
  expect(bodies(spanEntry({ name: 'guardrail', attributes }))).toMatchObject([
    { kind: 'guardrail', name: 'pii', verdict: 'deny', target: 'output' },
  ])
})

test('a log record without a trace is grouped by agent and conversation', () => {
  const entry = logEntry({
    eventName: 'gen_ai.user.message',
    body: { content: 'Hi' },
    attributes: { 'gen_ai.system': 'openai', 'session.id': 's-1' },
    trace: false,
  })
  const [event] = normalise(entry).events
  expect(event?.context).toEqual({ conversation: 's-1', session: 'host:h/s~s-1' })
  expect(event?.id).toMatch(/^log\.[0-9a-f]{20}\.[0-9a-f]{24}\.in\.0$/)
})

function bodies(entry: Parameters<typeof normalise>[0]): unknown {
  return normalise(entry).events.map((event) => event.body)
}
