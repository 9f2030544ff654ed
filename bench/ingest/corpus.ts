import { hash } from 'node:crypto'
import { zstdCompressSync } from 'node:zlib'

/**
 * Corpus GenAI-1K: OTLP protobuf requests of 512 spans, 13 attributes and a prompt of about 600 characters each, about
 * 1,150 bytes a span. The text comes from a grammar with a fixed seed, so that every run and every machine has the same.
 */
export type Corpus = {
  readonly requests: readonly Request[]
  readonly spanBytes: number
  /** SHA-256 over all requests, and how far zstd shrinks them: what a result must be read with. */
  readonly digest: string
  readonly zstdRatio: number
}

/** One request; `idsAt` are the offsets of the ids that {@link stamp} makes unique, 16 bytes of trace and 8 of span. */
export type Request = { readonly body: Buffer; readonly idsAt: Uint32Array; readonly spans: number }

export const SPANS_PER_REQUEST = 512
const SPANS_PER_TRACE = 8
const START = 1_790_000_000_000_000_000n

export function makeCorpus(requests: number, seed = 1): Corpus {
  const random = new Random(seed)
  const made = Array.from({ length: requests }, () => makeRequest(random))
  const all = Buffer.concat(made.map(({ body }) => body))
  return {
    requests: made,
    spanBytes: all.length / (requests * SPANS_PER_REQUEST),
    digest: hash('sha256', all),
    zstdRatio: all.length / zstdCompressSync(all).length,
  }
}

/** A copy of the request whose trace and span ids are those of send number `n`, so that no span is sent twice. */
export function stamp(request: Request, n: number): Buffer {
  const body = Buffer.from(request.body)
  for (let i = 0; i < request.idsAt.length; i += 2) {
    // The first six bytes of an id hold the number of the send; the rest is the corpus's own.
    body.writeUIntBE(n + 1, request.idsAt[i] ?? 0, 6)
    body.writeUIntBE(n + 1, request.idsAt[i + 1] ?? 0, 6)
  }
  return body
}

function makeRequest(random: Random): Request {
  const spans = Array.from({ length: SPANS_PER_REQUEST }, (_, i) => makeSpan(random, i))
  const scope = field(1, Buffer.concat([text(1, '@holdfast/bench'), text(2, '1')]))
  const resource = field(
    1,
    Buffer.concat([attribute('service.name', 'order-desk'), attribute('host.name', 'bench')].map((it) => field(1, it))),
  )
  const scopeSpans = Buffer.concat([scope, ...spans.map((span) => field(2, span))])
  const resourceSpans = Buffer.concat([resource, field(2, scopeSpans)])
  const body = field(1, resourceSpans)
  const idsAt = new Uint32Array(SPANS_PER_REQUEST * 2)
  let at = body.length
  for (let i = SPANS_PER_REQUEST - 1; i >= 0; i -= 1) {
    at -= spans[i]?.length ?? 0
    // Tag and length take two bytes each: trace id at 2, span id at 20.
    idsAt[i * 2] = at + 2
    idsAt[i * 2 + 1] = at + 20
    at -= prefix(2, spans[i]?.length ?? 0).length
  }
  return { body, idsAt, spans: SPANS_PER_REQUEST }
}

function makeSpan(random: Random, i: number): Buffer {
  const trace = Buffer.alloc(16)
  trace.writeUInt32BE(1 + Math.floor(i / SPANS_PER_TRACE), 8)
  const span = Buffer.alloc(8)
  span.writeUInt16BE(i + 1, 6)
  const prompt = JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: random.prose(560) }] }])
  const attributes = [
    attribute('gen_ai.operation.name', 'chat'),
    attribute('gen_ai.provider.name', 'openai'),
    attribute('gen_ai.request.model', random.pick(['gpt-5', 'gpt-5-mini', 'claude-sonnet-5'])),
    attribute('gen_ai.response.model', 'gpt-5-2026-08-07'),
    attribute('gen_ai.response.id', `resp_${random.hex(24)}`),
    attribute('gen_ai.conversation.id', `conv_${Math.floor(i / 16)}`),
    attribute('gen_ai.agent.name', 'order-desk'),
    attribute('gen_ai.tool.name', random.pick(['lookup_order', 'refund', 'search_policy', 'send_mail'])),
    attribute('server.address', 'api.openai.com'),
    numberAttribute('server.port', 443),
    numberAttribute('gen_ai.usage.input_tokens', 100 + random.below(900)),
    numberAttribute('gen_ai.usage.output_tokens', 10 + random.below(300)),
    attribute('gen_ai.input.messages', prompt),
  ]
  return Buffer.concat([
    field(1, trace),
    field(2, span),
    text(5, 'chat gpt-5'),
    Buffer.from([0x30, 3]),
    fixed64(7, START + BigInt(i) * 1_000_000n),
    fixed64(8, START + BigInt(i) * 1_000_000n + BigInt(random.below(900_000))),
    ...attributes.map((it) => field(9, it)),
  ])
}

/** Mulberry32: small, seeded, the same everywhere. */
class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % limit
  }

  pick(values: readonly string[]): string {
    return values[this.below(values.length)] ?? ''
  }

  hex(length: number): string {
    return Array.from({ length }, () => this.below(16).toString(16)).join('')
  }

  /** Sentences of a small grammar, `length` characters of them. */
  prose(length: number): string {
    let prose = ''
    while (prose.length < length) {
      const order = `order ${10_000 + this.below(90_000)}`
      prose += `${this.pick(SUBJECTS)} ${this.pick(VERBS)} ${this.pick([order, ...OBJECTS])} ${this.pick(ENDS)} `
    }
    return prose.slice(0, length)
  }
}

const SUBJECTS = [
  'The customer',
  'A manager in Leeds',
  'My colleague',
  'Somebody',
  'The warehouse',
  'Our partner',
  'The courier',
  'She',
]
const VERBS = [
  'asked about',
  'could not find',
  'returned',
  'wants to change',
  'was charged twice for',
  'cancelled',
  'is waiting for',
  'praised',
]
const OBJECTS = [
  'a blue lamp with three bulbs',
  'the last invoice',
  'two boxes of ceramic tiles',
  'a gift card',
  'the delivery of Tuesday',
  'an espresso machine',
  'the warranty',
  'seven office chairs',
]
const ENDS = [
  'because the address was wrong.',
  'and would like to hear by Friday.',
  'although nobody had answered.',
  'before the end of the month.',
  'and sent a photograph.',
  'for the third time.',
  'so please look it up first.',
  'without saying why.',
]

function attribute(key: string, value: string): Buffer {
  return Buffer.concat([text(1, key), field(2, text(1, value))])
}

function numberAttribute(key: string, value: number): Buffer {
  return Buffer.concat([text(1, key), field(2, Buffer.from([0x18, ...varint(value)]))])
}

function text(number: number, value: string): Buffer {
  return field(number, Buffer.from(value))
}

function field(number: number, payload: Buffer): Buffer {
  return Buffer.concat([prefix(number, payload.length), payload])
}

function prefix(number: number, length: number): Buffer {
  return Buffer.from([(number << 3) | 2, ...varint(length)])
}

function fixed64(number: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(9)
  bytes.writeUInt8((number << 3) | 1, 0)
  bytes.writeBigUInt64LE(value, 1)
  return bytes
}

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  return [...bytes, rest]
}
