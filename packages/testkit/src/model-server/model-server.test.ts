import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { MAX_BODY_BYTES, MAX_KEPT_REQUESTS } from './limits.ts'
import { startModelServer } from './model-server.ts'
import type { ModelServer } from './model-server.ts'
import type { Script } from './script.ts'

const script: Script = {
  rules: [
    {
      when: { system: 'order desk', user: '4711', afterTool: 'lookup_order', toolResult: 'shipped' },
      reply: { text: 'Order 4711 was shipped.' },
    },
    {
      when: { user: '4711' },
      reply: {
        reasoning: 'I need the order first.',
        toolCalls: [{ name: 'lookup_order', arguments: { order_id: '4711' } }],
      },
    },
    {
      when: { user: 'both' },
      reply: { text: 'Looking at both.', toolCalls: [call('lookup_order', 1), call('lookup_stock', 2)] },
    },
    { when: { afterTool: 'lookup_stock' }, reply: { text: 'Both found.' } },
    { when: { user: 'hello', model: 'large' }, reply: { text: 'Hello from the large one.' } },
  ],
}

let server: ModelServer
let openai: OpenAI
let anthropic: Anthropic

beforeAll(async () => {
  server = await startModelServer({ script })
  openai = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any', maxRetries: 0 })
  anthropic = new Anthropic({ baseURL: server.url, apiKey: 'any', maxRetries: 0 })
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

const chatTools: OpenAI.Chat.ChatCompletionTool[] = [
  { type: 'function', function: { name: 'lookup_order', parameters: { type: 'object' } } },
]
const system = { role: 'system', content: 'You are the order desk.' } as const
const ask = { role: 'user', content: 'Where is order 4711?' } as const

test('chat completions carry a tool call, take its result and end with the text', async () => {
  const first = await openai.chat.completions.create({ model: 'm', messages: [system, ask], tools: chatTools })
  const message = first.choices[0]?.message
  const called = message?.tool_calls?.[0]
  expect(first.choices[0]?.finish_reason).toBe('tool_calls')
  expect(called).toMatchObject({
    type: 'function',
    function: { name: 'lookup_order', arguments: '{"order_id":"4711"}' },
  })
  expect(called?.id).toMatch(/^call_\d+$/)
  const second = await openai.chat.completions.create({
    model: 'm',
    messages: [
      system,
      ask,
      { role: 'assistant', content: null, tool_calls: message?.tool_calls ?? [] },
      { role: 'tool', tool_call_id: called?.id ?? '', content: '{"status":"shipped"}' },
    ],
  })
  expect(second.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'Order 4711 was shipped.' } })
  expect(second.usage?.total_tokens).toBe((second.usage?.prompt_tokens ?? 0) + (second.usage?.completion_tokens ?? 0))
})

test('streamed chat completions add up to the whole answer, with usage when asked for', async () => {
  const stream = openai.chat.completions.stream({
    model: 'm',
    messages: [system, { role: 'user', content: 'both, please' }],
    stream_options: { include_usage: true },
  })
  const final = await stream.finalChatCompletion()
  expect(final.choices[0]?.message.content).toBe('Looking at both.')
  expect(
    final.choices[0]?.message.tool_calls?.map((entry) => entry.type === 'function' && entry.function),
  ).toMatchObject([
    { name: 'lookup_order', arguments: '{"n":1}' },
    { name: 'lookup_stock', arguments: '{"n":2}' },
  ])
  expect(final.usage?.completion_tokens).toBeGreaterThan(0)
})

test('the responses API gives reasoning and call items, and continues from a previous response', async () => {
  const first = await openai.responses.create({ model: 'm', instructions: system.content, input: ask.content })
  expect(first.output.map((item) => item.type)).toEqual(['reasoning', 'function_call'])
  const called = first.output.find((item) => item.type === 'function_call')
  const second = await openai.responses.create({
    model: 'm',
    instructions: system.content,
    previous_response_id: first.id,
    input: [{ type: 'function_call_output', call_id: called?.call_id ?? '', output: '{"status":"shipped"}' }],
  })
  expect(second.output_text).toBe('Order 4711 was shipped.')
  expect(second.status).toBe('completed')
})

test('streamed responses are rebuilt by the official client', async () => {
  const types: string[] = []
  const stream = openai.responses.stream({ model: 'm', instructions: system.content, input: ask.content })
  stream.on('event', (event) => types.push(event.type))
  const final = await stream.finalResponse()
  expect(final.output).toMatchObject([
    { type: 'reasoning', summary: [{ text: 'I need the order first.' }] },
    { type: 'function_call', name: 'lookup_order', arguments: '{"order_id":"4711"}' },
  ])
  expect(types[0]).toBe('response.created')
  expect(types.at(-1)).toBe('response.completed')
  expect(types).toContain('response.reasoning_summary_text.delta')
  expect(types).toContain('response.function_call_arguments.delta')
})

test('a streamed response text arrives in pieces that add up', async () => {
  let text = ''
  const stream = openai.responses.stream({ model: 'large', input: 'hello' })
  stream.on('response.output_text.delta', (event) => (text += event.delta))
  expect((await stream.finalResponse()).output_text).toBe('Hello from the large one.')
  expect(text).toBe('Hello from the large one.')
})

test('anthropic messages carry thinking and tool use, and end the turn after the result', async () => {
  const messages: Anthropic.MessageParam[] = [ask]
  const first = await anthropic.messages.create({ model: 'm', max_tokens: 100, system: system.content, messages })
  expect(first.stop_reason).toBe('tool_use')
  expect(first.content).toMatchObject([
    { type: 'thinking', thinking: 'I need the order first.' },
    { type: 'tool_use', name: 'lookup_order', input: { order_id: '4711' } },
  ])
  const use = first.content.find((block) => block.type === 'tool_use')
  messages.push({ role: 'assistant', content: first.content })
  messages.push({
    role: 'user',
    content: [{ type: 'tool_result', tool_use_id: use?.id ?? '', content: '{"status":"shipped"}' }],
  })
  const second = await anthropic.messages.create({ model: 'm', max_tokens: 100, system: system.content, messages })
  expect(second).toMatchObject({
    stop_reason: 'end_turn',
    content: [{ type: 'text', text: 'Order 4711 was shipped.' }],
  })
})

test('streamed anthropic messages are rebuilt by the official client', async () => {
  const stream = anthropic.messages.stream({
    model: 'm',
    max_tokens: 100,
    system: system.content,
    messages: [{ role: 'user', content: 'both' }],
  })
  const final = await stream.finalMessage()
  expect(final.content).toMatchObject([
    { type: 'text', text: 'Looking at both.' },
    { type: 'tool_use', name: 'lookup_order', input: { n: 1 } },
    { type: 'tool_use', name: 'lookup_stock', input: { n: 2 } },
  ])
  expect(final.usage.output_tokens).toBeGreaterThan(1)
})

test('streamed thinking is rebuilt with its signature', async () => {
  const stream = anthropic.messages.stream({ model: 'm', max_tokens: 100, system: system.content, messages: [ask] })
  const [thinking] = (await stream.finalMessage()).content
  expect(thinking).toMatchObject({ type: 'thinking', thinking: 'I need the order first.' })
  expect(thinking).toHaveProperty('signature', expect.stringMatching(/.+/))
})

test('tokens of an anthropic request can be counted', async () => {
  const counted = await anthropic.messages.countTokens({ model: 'm', messages: [ask] })
  expect(counted.input_tokens).toBeGreaterThan(5)
})

test('a result of one of several parallel calls selects the rule of its tool', async () => {
  const calls = ['lookup_stock', 'lookup_order'].map((name, index) => ({
    id: `c${index}`,
    type: 'function' as const,
    function: { name, arguments: '{}' },
  }))
  const completion = await openai.chat.completions.create({
    model: 'm',
    messages: [
      { role: 'user', content: 'both' },
      { role: 'assistant', content: null, tool_calls: calls },
      ...calls.map(({ id }) => ({ role: 'tool' as const, tool_call_id: id, content: 'found' })),
    ],
  })
  expect(completion.choices[0]?.message.content).toBe('Both found.')
})

test('embeddings are equal for equal text, different for different text, and of unit length', async () => {
  const input = ['parcel', 'parcel', 'invoice']
  const { data, usage } = await openai.embeddings.create({ model: 'e', input, dimensions: 256 })
  const [first, second, third] = data.map((entry) => entry.embedding)
  expect(first).toEqual(second)
  expect(first).not.toEqual(third)
  expect(first).toHaveLength(256)
  expect(Math.hypot(...(first ?? []))).toBeCloseTo(1, 5)
  expect(usage.prompt_tokens).toBeGreaterThan(0)
})

test('a generated content carries a thought and a function call, and streams the answer after its response', async () => {
  const models = `${server.url}/v1beta/models/m`
  const asked = { role: 'user', parts: [{ text: ask.content }] }
  const first = await postJson(`${models}:generateContent`, { contents: [asked] })
  const content = { role: 'model', parts: [{ thought: true }, { functionCall: { name: 'lookup_order' } }] }
  expect(first).toMatchObject({ candidates: [{ content, finishReason: 'STOP' }], modelVersion: 'm' })
  const streamed = await fetch(`${models}:streamGenerateContent?alt=sse`, {
    method: 'POST',
    body: JSON.stringify({
      systemInstruction: { parts: [{ text: system.content }] },
      contents: [
        asked,
        { role: 'model', parts: [{ functionCall: { name: 'lookup_order', args: {} } }] },
        { role: 'user', parts: [{ functionResponse: { name: 'lookup_order', response: { status: 'shipped' } } }] },
      ],
    }),
  })
  const texts = [...(await streamed.text()).matchAll(/"text":"([^"]*)"/g)].map(([, text]) => text)
  expect(texts.length).toBeGreaterThan(1)
  expect(texts.join('')).toBe('Order 4711 was shipped.')
})

test('models can be listed', async () => {
  const models = await openai.models.list()
  expect(models.data.map((model) => model.id)).toEqual(['scripted'])
})

test('a request that no rule matches is refused in the shape of its API, naming the rules', async () => {
  const messages = [{ role: 'user' as const, content: 'something else' }]
  const chat = openai.chat.completions.create({ model: 'm', messages })
  await expect(chat).rejects.toMatchObject({
    status: 400,
    type: 'invalid_request_error',
    message: expect.stringContaining('4711'),
  })
  const claude = anthropic.messages.create({ model: 'm', max_tokens: 1, messages })
  await expect(claude).rejects.toMatchObject({
    status: 400,
    error: {
      type: 'error',
      error: { type: 'invalid_request_error', message: expect.stringContaining('something else') },
    },
  })
})

test('a rule for another model does not match', async () => {
  const messages = [{ role: 'user' as const, content: 'hello' }]
  await expect(openai.chat.completions.create({ model: 'small', messages })).rejects.toMatchObject({ status: 400 })
})

test('requests are kept with their trace context', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  await openai.models.list({ headers: { traceparent } })
  expect(server.requests.at(-1)).toMatchObject({ method: 'GET', path: '/v1/models', traceparent, status: 200 })
})

test('a body that is not JSON, and an unknown path, are refused', async () => {
  const post = { method: 'POST', body: '[' }
  expect((await fetch(`${server.url}/v1/chat/completions`, post)).status).toBe(400)
  expect((await fetch(`${server.url}/v1/unknown`)).status).toBe(404)
})

test('a body over the limit is refused with an answer', async () => {
  const post = { method: 'POST', body: 'x'.repeat(MAX_BODY_BYTES + 1) }
  const response = await fetch(`${server.url}/v1/chat/completions`, post)
  expect(response.status).toBe(400)
  expect(await response.text()).toContain(`${MAX_BODY_BYTES}`)
})

test('only the latest requests are kept, and the dropped ones are counted', async () => {
  await using own = await startModelServer({ script })
  const list = async (): Promise<string> => (await fetch(`${own.url}/v1/models`)).text()
  await Promise.all(Array.from({ length: MAX_KEPT_REQUESTS + 3 }, list))
  expect(own.requests).toHaveLength(MAX_KEPT_REQUESTS)
  expect(own.droppedRequests).toBe(3)
})

test('call ids count up from call_1 on every server', async () => {
  await using own = await startModelServer({ script })
  const client = new OpenAI({ baseURL: `${own.url}/v1`, apiKey: 'any', maxRetries: 0 })
  const completion = await client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'both' }] })
  expect(completion.choices[0]?.message.tool_calls?.map((entry) => entry.id)).toEqual(['call_1', 'call_2'])
})

test('a taken port rejects', async () => {
  const port = Number(new URL(server.url).port)
  await expect(startModelServer({ script, port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

async function postJson(url: string, body: unknown): Promise<unknown> {
  return (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json()
}

function call(name: string, n: number): { readonly name: string; readonly arguments: unknown } {
  return { name, arguments: { n } }
}
