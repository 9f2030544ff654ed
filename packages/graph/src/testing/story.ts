import { hash } from 'node:crypto'

import type { Content, Event, EventBody, EventSummary } from '@holdfast/model'
import {
  agentIdOf,
  parseConversationId,
  parseEventId,
  parseSha256,
  parseSpanId,
  parseTraceId,
  parseUnixNano,
} from '@holdfast/model'

import { summarise } from '../summarise.ts'

export type Where = {
  readonly agent?: string
  readonly member?: string
  /** A trace by number; absent for a source without traces. */
  readonly trace?: number
  readonly span?: number
  readonly parent?: number
  readonly session?: string
  readonly links?: readonly { readonly trace: number; readonly span: number }[]
  readonly dialect?: string
  readonly at?: number
  readonly until?: number
  readonly tier?: Event['source']['tier']
  readonly credential?: string
}

/** Writes the events of a made-up conversation as a normaliser would give them. Ids depend on what is told, not on when. */
export class Story {
  readonly events: EventSummary[] = []
  #clock = 1_000
  #records = 0

  /** Adds one record: the events that share a span, or, without one, a log record. Slots name the parts. */
  tell(where: Where, bodies: Readonly<Record<string, EventBody>>): this {
    const record = ++this.#records
    const at = where.at ?? ++this.#clock
    for (const [slot, body] of Object.entries(bodies))
      this.events.push(summarise(makeEvent(where, { slot, record, at }, body)))
    return this
  }
}

function makeEvent(
  where: Where,
  { slot, record, at }: { slot: string; record: number; at: number },
  body: EventBody,
): Event {
  const agent = where.agent ?? 'desk'
  const trace = where.trace === undefined ? undefined : parseTraceId(hex(where.trace, 32))
  const span = where.span === undefined ? undefined : parseSpanId(hex(where.span, 16))
  const parentSpan = where.parent === undefined ? undefined : parseSpanId(hex(where.parent, 16))
  const { tier = 'self-reported', credential = 'loopback' } = where
  const teller = hash('sha256', JSON.stringify([agent, credential, tier])).slice(0, 20)
  const name =
    span === undefined
      ? `log.${teller}.${hash('sha256', `${agent}${where.session}${record}`).slice(0, 24)}`
      : `${trace}.${span}.${teller}`
  const links = where.links?.flatMap((link) => {
    const [linkTrace, linkSpan] = [parseTraceId(hex(link.trace, 32)), parseSpanId(hex(link.span, 16))]
    return linkTrace === undefined || linkSpan === undefined ? [] : [{ trace: linkTrace, span: linkSpan }]
  })
  return {
    id: must(parseEventId(`${name}.${slot}`)),
    entry: record,
    claimedAt: must(parseUnixNano(BigInt(at) * 1_000_000n)),
    ...(where.until === undefined ? {} : { claimedUntil: must(parseUnixNano(BigInt(where.until) * 1_000_000n)) }),
    recordedAt: must(parseUnixNano(BigInt(record) * 1_000_000n)),
    source: {
      channel: 'otlp',
      instance: 'http:4318',
      credential,
      tier,
      clock: 'live',
      dialect: where.dialect ?? 'otel-genai',
      instrumentation: 'test 1',
    },
    agent: {
      id: agentIdOf({ kind: 'host', host: 'h', service: agent }),
      name: agent,
      ...(where.member === undefined ? {} : { member: where.member }),
    },
    context: {
      conversation: must(parseConversationId('conv')),
      ...(trace === undefined ? {} : { trace }),
      ...(span === undefined ? {} : { span }),
      ...(parentSpan === undefined ? {} : { parentSpan }),
      ...(links === undefined ? {} : { links }),
      ...(where.session === undefined ? {} : { session: where.session }),
    },
    body,
  }
}

/** Captured text. */
export function text(value: string, mediaType = 'text/plain'): Content {
  const digest = must(parseSha256(hash('sha256', value)))
  return { state: 'captured', text: value, digest, bytes: Buffer.byteLength(value), mediaType }
}

export const OMITTED: Content = { state: 'not-captured', reason: 'instrumentation-omits' }

export function prompt(
  role: 'system' | 'user' | 'assistant' | 'tool',
  ordinal: number,
  content: Content,
  callId?: string,
): EventBody {
  return { kind: 'prompt', role, ordinal, content, ...(callId === undefined ? {} : { callId }) }
}

export function modelCall(messages = 1): EventBody {
  return { kind: 'model-call', operation: 'chat', requestModel: 'scripted', finishReasons: [], usage: {}, messages }
}

export function output(ordinal: number, content: Content): EventBody {
  return { kind: 'model-output', ordinal, part: 'text', content }
}

export function request(ordinal: number, toolName: string, content: Content, callId?: string): EventBody {
  return {
    kind: 'model-output',
    ordinal,
    part: 'tool-request',
    content,
    toolName,
    ...(callId === undefined ? {} : { callId }),
  }
}

export function toolCall(toolName: string, content: Content, callId?: string, server?: string): EventBody {
  return {
    kind: 'tool-call',
    toolName,
    arguments: content,
    ...(callId === undefined ? {} : { callId }),
    ...(server === undefined ? {} : { server }),
  }
}

export function toolResult(toolName: string, content: Content, callId?: string): EventBody {
  return { kind: 'tool-result', toolName, result: content, ...(callId === undefined ? {} : { callId }) }
}

export function invocation(name: string, input: Content = OMITTED, answer: Content = OMITTED): EventBody {
  return { kind: 'invocation', operation: 'invoke_agent', name, input, output: answer }
}

export function document(origin: string, content: Content): EventBody {
  return { kind: 'context-item', ordinal: 0, origin, query: OMITTED, content }
}

export function step(name: string): EventBody {
  return { kind: 'step', name, mapped: true, unmapped: [] }
}

export function identity(principal: string): EventBody {
  return { kind: 'identity', principal, principalKind: 'service-account', statedBy: 'holdfast.identity.principal' }
}

export function delegation(to: string, payload: Content, delegationId?: string): EventBody {
  return {
    kind: 'delegation',
    mechanism: 'declared',
    to,
    payload,
    ...(delegationId === undefined ? {} : { delegationId }),
  }
}

export function egress(destination: string, path: string): EventBody {
  return { kind: 'egress', destination, protocol: 'https', method: 'POST', path, status: 200 }
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the story tells an id that no source could send')
  return value
}
