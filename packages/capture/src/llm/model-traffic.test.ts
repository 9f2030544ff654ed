import { startModelServer } from '@holdfast/testkit'
import type { ModelServer } from '@holdfast/testkit'
import { agentIdOf, parseSha256, parseUnixNano } from '@holdfast/model'
import type { Event, EventBody, Sha256, UnixNano } from '@holdfast/model'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeExchange } from '../http/exchange.ts'
import type { HttpExchange } from '../http/exchange.ts'
import { exchangesOf, fragmentsOf } from '../http/testing/collect.ts'
import { startTap } from '../http/testing/tap.ts'
import { normalise } from '../normalise.ts'

/* Real requests and streams of a scripted model server, seen over a relay, in the wire formats of all providers. */

const call = { name: 'look_up', arguments: { order: '4711', note: 'größe' } }
const script = {
  rules: [
    { when: { afterTool: 'look_up' }, reply: { text: 'It was shipped — größe 3.' } },
    { when: { user: '4711' }, reply: { text: 'One moment.', reasoning: 'I need the order.', toolCalls: [call] } },
  ],
}
const schema = { type: 'object', properties: { order: { type: 'string' } } }
const system = 'You are the order desk.'
const question = 'Where is order 4711?'
const found = '{"status":"shipped"}'

type Api = { readonly first: Ask; readonly second: (answer: HttpExchange) => Ask; readonly operation: string }
type Ask = { readonly path: string; readonly body: object }

const chatTools = [{ type: 'function', function: { name: 'look_up', description: 'Looks up.', parameters: schema } }]
const chatMessages = [
  { role: 'system', content: system },
  { role: 'user', content: question },
]
const blocks = [{ type: 'tool_use', id: 'call_1', name: 'look_up', input: call.arguments }]
const googleTools = [{ functionDeclarations: [{ name: 'look_up', description: 'Looks up.', parameters: schema }] }]

const apis = (stream: boolean): Readonly<Record<string, Api>> => ({
  'openai-chat': {
    operation: 'chat',
    first: {
      path: '/v1/chat/completions',
      body: { model: 'm', stream, ...usageAsked(stream), messages: chatMessages, tools: chatTools },
    },
    second: () => ({
      path: '/v1/chat/completions',
      body: {
        model: 'm',
        stream,
        messages: [
          ...chatMessages,
          {
            role: 'assistant',
            content: null,
            tool_calls: [
              {
                id: 'call_1',
                type: 'function',
                function: { name: 'look_up', arguments: JSON.stringify(call.arguments) },
              },
            ],
          },
          { role: 'tool', tool_call_id: 'call_1', content: found },
        ],
      },
    }),
  },
  'openai-responses': {
    operation: 'chat',
    first: {
      path: '/v1/responses',
      body: {
        model: 'm',
        stream,
        instructions: system,
        input: question,
        tools: [{ type: 'function', name: 'look_up', description: 'Looks up.', parameters: schema }],
      },
    },
    second: () => ({
      path: '/v1/responses',
      body: {
        model: 'm',
        stream,
        instructions: system,
        input: [
          { role: 'user', content: question },
          { type: 'function_call', call_id: 'call_1', name: 'look_up', arguments: JSON.stringify(call.arguments) },
          { type: 'function_call_output', call_id: 'call_1', output: found },
        ],
      },
    }),
  },
  'anthropic-messages': {
    operation: 'chat',
    first: {
      path: '/v1/messages',
      body: {
        model: 'm',
        max_tokens: 9,
        stream,
        system,
        messages: [{ role: 'user', content: question }],
        tools: [{ name: 'look_up', description: 'Looks up.', input_schema: schema }],
      },
    },
    second: () => ({
      path: '/v1/messages',
      body: {
        model: 'm',
        max_tokens: 9,
        stream,
        system,
        messages: [
          { role: 'user', content: question },
          { role: 'assistant', content: blocks },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: found }] },
        ],
      },
    }),
  },
  'google-generate': {
    operation: 'generate_content',
    first: {
      path: googlePath(stream),
      body: {
        systemInstruction: { parts: [{ text: system }] },
        contents: [{ role: 'user', parts: [{ text: question }] }],
        tools: googleTools,
      },
    },
    second: () => ({
      path: googlePath(stream),
      body: {
        systemInstruction: { parts: [{ text: system }] },
        contents: [
          { role: 'user', parts: [{ text: question }] },
          { role: 'model', parts: [{ functionCall: { id: 'call_1', name: 'look_up', args: call.arguments } }] },
          {
            role: 'user',
            parts: [{ functionResponse: { id: 'call_1', name: 'look_up', response: { status: 'shipped' } } }],
          },
        ],
      },
    }),
  },
})

let server: ModelServer
beforeAll(async () => {
  server = await startModelServer({ script })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

for (const stream of [false, true]) {
  describe(stream ? 'streamed' : 'in one piece', () => {
    for (const [name, api] of Object.entries(apis(stream))) {
      test(`${name}: prompts, tool call, definition, result and answer`, async () => {
        const [first, second] = await seen([api.first, api.second])
        const asked = eventsOf(first)
        expect(new Set(asked.map(({ source }) => `${source.dialect} ${source.tier}`))).toEqual(
          new Set([`${name} boundary`]),
        )
        expect(texts(asked, 'prompt')).toEqual([system, question])
        expect(of(asked, 'tool-definition')).toMatchObject([{ toolName: 'look_up' }])
        const outputs = of(asked, 'model-output')
        expect(outputs.map(({ part }) => part)).toEqual(expect.arrayContaining(['text', 'tool-request']))
        expect(texts(asked, 'model-output')).toContain('One moment.')
        const requested = outputs.find(({ part }) => part === 'tool-request')
        expect(requested).toMatchObject({ toolName: 'look_up' })
        expect(JSON.parse(textOf(requested?.content))).toEqual(call.arguments)
        const [modelCall] = of(asked, 'model-call')
        expect(modelCall?.operation).toBe(api.operation)
        expect(modelCall?.responseId).toBeDefined()
        expect(modelCall?.finishReasons).toHaveLength(1)
        expect(modelCall?.usage.inputTokens).toBeGreaterThan(0)
        expect(modelCall?.usage.outputTokens).toBeGreaterThan(0)
        const answered = eventsOf(second)
        expect(of(answered, 'tool-result')).toMatchObject([{ toolName: 'look_up', callId: 'call_1' }])
        expect(texts(answered, 'model-output')).toEqual(['It was shipped — größe 3.'])
      })
    }
  })
}

test('ids come from the exchange and not from its place in the log', async () => {
  const [exchange] = await seen([apis(false)['openai-chat']!.first])
  const ids = (index: number) => eventsOf(exchange, index).map(({ id }) => id)
  expect(ids(7)).toEqual(ids(0))
})

test('an answer that was cut off is told as far as it was seen, and said to be cut', async () => {
  const [whole] = await seen([apis(true)['anthropic-messages']!.first])
  const data = whole?.response?.body.data ?? ''
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'
  const part = data.slice(0, data.indexOf('moment'))
  const request = JSON.stringify(apis(true)['anthropic-messages']!.first.body)
  const [cut] = exchangesOf(
    fragmentsOf([
      ['>', `POST /v1/messages HTTP/1.1\r\nHost: h\r\nContent-Length: ${Buffer.byteLength(request)}\r\n\r\n${request}`],
      ['<', `${head}${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`],
    ]),
  )
  const outputs = of(eventsOf(cut), 'model-output')
  expect(outputs.length).toBeGreaterThan(0)
  for (const { content } of outputs) expect(content.state).toBe('truncated')
})

test('a refused call keeps its prompts and says why it failed', () => {
  const body = '{"model":"m","messages":[{"role":"user","content":"hi"}]}'
  const [exchange] = exchangesOf(
    fragmentsOf([
      [
        '>',
        `POST /v1/chat/completions HTTP/1.1\r\nHost: api.openai.com\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      ],
      [
        '<',
        'HTTP/1.1 429 Too Many Requests\r\nContent-Length: 31\r\n\r\n{"error":{"message":"slow down"}}'.replace(
          '31',
          '33',
        ),
      ],
    ]),
  )
  const events = eventsOf(exchange)
  expect(texts(events, 'prompt')).toEqual(['hi'])
  expect(of(events, 'model-call')).toMatchObject([
    { provider: 'openai', endpoint: 'api.openai.com', error: 'HTTP 429: slow down' },
  ])
  expect(of(events, 'model-output')).toEqual([])
})

test('what is no model call is egress, and what the agent serves is a step', () => {
  const talk = [
    'GET /orders/1?page=2 HTTP/1.1\r\nHost: shop.test:8443\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  ] as const
  const [client] = exchangesOf(
    fragmentsOf([
      ['>', talk[0]],
      ['<', talk[1]],
    ]),
  )
  expect(eventsOf(client).map(({ body }) => body)).toEqual([
    {
      kind: 'egress',
      destination: 'shop.test',
      port: 8443,
      protocol: 'https',
      method: 'GET',
      path: '/orders/1',
      status: 200,
    },
  ])
  const [served] = exchangesOf(
    fragmentsOf([
      ['<', talk[0]],
      ['>', talk[1]],
    ]),
  )
  expect(eventsOf(served).map(({ body }) => body)).toMatchObject([
    { kind: 'step', name: 'served GET /orders/1', mapped: true },
  ])
})

test('the span that a request names is the one in which it was made', () => {
  const parent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  const [exchange] = exchangesOf(
    fragmentsOf([
      ['>', `GET / HTTP/1.1\r\nHost: h\r\ntraceparent: ${parent}\r\n\r\n`],
      ['<', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ]),
  )
  expect(eventsOf(exchange)[0]?.context).toEqual({
    trace: '4bf92f3577b34da6a3ce929d0e0e4736',
    parentSpan: '00f067aa0ba902b7',
  })
})

/** Sends the requests one after the other over a relay and answers what was seen. */
async function seen(asks: readonly (Ask | Api['second'])[]): Promise<readonly HttpExchange[]> {
  await using tap = await startTap(Number(new URL(server.url).port))
  for (const ask of asks) {
    const known = tap.connections.flatMap((fragments) => exchangesOf(fragments))
    const { path, body } = typeof ask === 'function' ? ask(known.at(-1)!) : ask
    const headers = { 'content-type': 'application/json', connection: 'close' }
    const response = await fetch(`http://127.0.0.1:${tap.port}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    await response.text()
    expect(response.status).toBe(200)
  }
  return tap.connections.flatMap((fragments) => exchangesOf(fragments))
}

/** OpenAI counts the tokens of a stream only where it is asked to. */
function usageAsked(stream: boolean): object {
  return stream ? { stream_options: { include_usage: true } } : {}
}

function googlePath(stream: boolean): string {
  return stream ? '/v1beta/models/m:streamGenerateContent?alt=sse' : '/v1beta/models/m:generateContent'
}

function eventsOf(exchange: HttpExchange | undefined, index = 0): readonly Event[] {
  const zero = parseUnixNano(0n) as UnixNano // 0 is in range
  return normalise({
    index,
    recordedAt: zero,
    envelope: {
      channel: 'tls',
      instance: 'sensor',
      credential: 'sensor',
      tier: 'boundary',
      encoding: 'http-exchange',
      clock: 'live',
      agent: agentIdOf({ kind: 'host', host: 'h', service: 'desk' }),
      agentName: 'desk',
      resource: new Uint8Array(0),
      scope: new Uint8Array(0),
      schemaUrl: '',
    },
    bodyDigest: parseSha256('0'.repeat(64)) as Sha256, // 64 hex digits
    body: exchange === undefined ? undefined : encodeExchange(exchange),
    masks: [],
  }).events
}

type Of<K> = Extract<EventBody, { readonly kind: K }>

function of<K extends EventBody['kind']>(events: readonly Event[], kind: K): readonly Of<K>[] {
  // The filter proves it.
  return events.map(({ body }) => body).filter((body) => body.kind === kind) as Of<K>[]
}

function texts(events: readonly Event[], kind: 'prompt' | 'model-output'): readonly string[] {
  return of(events, kind).map(({ content }) => textOf(content))
}

function textOf(content: Of<'prompt'>['content'] | undefined): string {
  return content !== undefined && 'text' in content ? content.text : `(${content?.state})`
}
