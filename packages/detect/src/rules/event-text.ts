import { hash } from 'node:crypto'
import { type Content, type Event, parseRfc3339, parseSha256, parseUnixNanoText, type UnixNano } from '@holdfast/model'
import { CATEGORIES } from './rule.ts'

const KERNEL_KINDS: ReadonlySet<string> = new Set(CATEGORIES['kernel']?.kinds)
const SECOND = 1_000_000_000n

/**
 * Reads one line of a rule's data: an event as JSON, or a list of them that make a case. Only `body` is needed; a text may stand
 * for its captured content, a time is RFC 3339 or decimal nanoseconds, and what is left out is filled in: one agent, one
 * session, a second from event to event. The sentence that says what is wrong otherwise.
 */
export function readEvents(line: string): readonly Event[] | string {
  let parsed: unknown
  try {
    parsed = JSON.parse(line)
  } catch (error) {
    // No JSON: the parser says where.
    return error instanceof Error ? error.message : 'no JSON'
  }
  const items: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed]
  if (items.length === 0) return 'a case has at least one event'
  const events: Event[] = []
  for (const [at, item] of items.entries()) {
    const event = readEvent(item, at)
    if (typeof event === 'string') return event
    events.push(event)
  }
  return events
}

function readEvent(item: unknown, at: number): Event | string {
  const body = recordOf(recordOf(item)?.['body'])
  const kind = body?.['kind']
  if (body === undefined || typeof kind !== 'string') return 'an event has a body with its kind'
  if (!Object.values(CATEGORIES).some(({ kinds }) => kinds.some((known) => known === kind)))
    return `no rule looks at events of the kind "${kind}"`
  const { id, entry, claimedAt, source, agent, context } = recordOf(item) ?? {}
  const time = claimedAt === undefined ? at0(at) : timeOf(claimedAt)
  if (time === undefined) return `"${String(claimedAt)}" is no time`
  const tier = KERNEL_KINDS.has(kind) ? 'kernel' : kind === 'api-call' ? 'provider' : 'self-reported'
  return {
    id: typeof id === 'string' ? id : `event-${String(at).padStart(6, '0')}`,
    entry: typeof entry === 'number' ? entry : at,
    claimedAt: time,
    recordedAt: time,
    source: {
      channel: 'import',
      instance: 'rule data',
      credential: 'test',
      tier,
      clock: 'synthetic',
      dialect: 'rule-data',
      instrumentation: '',
      ...recordOf(source),
    },
    agent: { id: 'host:test/agent', name: 'agent', ...recordOf(agent) },
    context: { session: 'agent~data', ...recordOf(context) },
    body: withContents(body),
  } as unknown as Event // rule data is written by whoever writes the rule, and read by rules alone: they take each field as it is there
}

/** Fields of bodies that hold captured text. */
const TEXTS: ReadonlySet<string> = new Set([
  'content',
  'description',
  'parameters',
  'arguments',
  'result',
  'query',
  'input',
  'output',
  'payload',
  'detail',
  'request',
  'response',
])
const NOT_CAPTURED: Content = { state: 'not-captured', reason: 'not-seen' }
/** Texts that a kind always has. */
const HAS: Readonly<Record<string, readonly string[]>> = {
  prompt: ['content'],
  'model-output': ['content'],
  'tool-definition': ['description', 'parameters'],
  'tool-call': ['arguments'],
  'tool-result': ['result'],
  'context-item': ['content', 'query'],
  memory: ['content'],
  invocation: ['input', 'output'],
  delegation: ['payload'],
  guardrail: ['detail'],
  declaration: ['content'],
  'api-call': ['request', 'response'],
}

function withContents(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const texts = Object.entries(body).flatMap(([key, value]): readonly (readonly [string, unknown])[] =>
    TEXTS.has(key) && typeof value === 'string' ? [[key, contentOf(value)]] : [],
  )
  const missing = (HAS[String(body['kind'])] ?? []).flatMap((key): readonly (readonly [string, unknown])[] =>
    body[key] === undefined ? [[key, NOT_CAPTURED]] : [],
  )
  return { ...body, ...Object.fromEntries([...texts, ...missing]) }
}

function contentOf(text: string): Content {
  const digest = parseSha256(hash('sha256', text))
  if (digest === undefined) throw new Error('a digest of SHA-256 has 64 hex digits')
  return { state: 'captured', text, digest, bytes: Buffer.byteLength(text), mediaType: 'text/plain' }
}

function timeOf(value: unknown): UnixNano | undefined {
  return typeof value === 'string' ? (parseUnixNanoText(value) ?? parseRfc3339(value)) : undefined
}

function at0(at: number): UnixNano | undefined {
  return parseUnixNanoText(String(BigInt(at) * SECOND))
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>) // any object has keys; the values stay unknown
    : undefined
}
