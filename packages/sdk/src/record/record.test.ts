import { context, trace } from '@opentelemetry/api'
import type { Attributes, Span, Tracer } from '@opentelemetry/api'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { useActiveContext } from '../testing/decode-spans.ts'
import { recordDelegation } from './delegation.ts'
import { digestOf } from './digest.ts'
import { recordIdentity } from './identity.ts'
import { recordMemory } from './memory.ts'
import { recordPromptTemplate } from './prompt-template.ts'
import { recordRetrieval } from './retrieval.ts'

/** A tracer of the OpenTelemetry API that keeps what it is told; the SDK's own is not needed to see our attributes. */
type Kept = { readonly name: string; readonly attributes: Attributes; isEnded: boolean }
const kept: Kept[] = []

function keepingTracer(): Tracer {
  const startSpan = (name: string): Span => {
    const record: Kept = { name, attributes: {}, isEnded: false }
    kept.push(record)
    const span = trace.wrapSpanContext({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 })
    return Object.assign(span, {
      isRecording: () => !record.isEnded,
      setAttribute(key: string, value: Attributes[string]) {
        record.attributes[key] = value
        return span
      },
      end() {
        record.isEnded = true
      },
    })
  }
  return { startSpan, startActiveSpan: () => undefined } as unknown as Tracer // only startSpan is called here
}

beforeEach(() => {
  kept.length = 0
  useActiveContext()
  trace.setGlobalTracerProvider({ getTracer: keepingTracer })
})
afterEach(() => {
  trace.disable()
  context.disable()
})

function inSpan(work: () => void): Attributes | undefined {
  const span = trace.getTracer('test').startSpan('step')
  context.with(trace.setSpan(context.active(), span), work)
  return kept[0]?.attributes
}

test('an identity, a delegation, memory and a template go to the active span', () => {
  const attributes = inSpan(() => {
    expect(recordIdentity({ principal: 'svc-a', kind: 'role', onBehalfOf: 'ines' })).toBe(true)
    recordDelegation({ id: 'task-1', toAgent: 'b', payload: 'do it' })
    recordMemory({ operation: 'write', store: 'notes', content: 'likes tea' })
    recordPromptTemplate({ id: 'system', version: '7', text: 'You are {{name}}.' })
  })
  expect(attributes).toEqual({
    'holdfast.identity.principal': 'svc-a',
    'holdfast.identity.kind': 'role',
    'holdfast.identity.on_behalf_of': 'ines',
    'holdfast.delegation.id': 'task-1',
    'holdfast.delegation.to': 'b',
    'holdfast.delegation.payload': 'do it',
    'holdfast.memory.operation': 'write',
    'holdfast.memory.store': 'notes',
    'holdfast.memory.content': 'likes tea',
    'holdfast.prompt.template.id': 'system',
    'holdfast.prompt.template.version': '7',
    'holdfast.prompt.template.text': 'You are {{name}}.',
    'holdfast.prompt.template.digest': digestOf('You are {{name}}.'),
  })
})

test('a retrieval is a span of its own that has ended, with digests of what was read', () => {
  inSpan(() => {
    expect(
      recordRetrieval({
        query: 'q',
        source: 'kb',
        documents: [{ id: 'd1', content: 'text', score: 0.9, uri: 'kb://d1' }],
      }),
    ).toBe(true)
  })
  const span = kept[1]
  expect(span).toMatchObject({ name: 'retrieval kb', isEnded: true })
  expect(span?.attributes['gen_ai.retrieval.documents']).toBe('[{"id":"d1","score":0.9}]')
  expect(JSON.parse(String(span?.attributes['holdfast.retrieval.documents']))).toEqual([
    { id: 'd1', content: 'text', score: 0.9, uri: 'kb://d1', digest: digestOf('text') },
  ])
})

test('without a recording span nothing is kept, and the caller is told', () => {
  expect(recordIdentity({ principal: 'svc-a', kind: 'role' })).toBe(false)
  expect(recordIdentity({ principal: 'svc-a', kind: 'role' }, { on: null })).toBe(false)
  expect(recordMemory({ operation: 'read', store: 'notes' })).toBe(false)
})

test('a digest is SHA-256 of the UTF-8 bytes', () => {
  expect(digestOf('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  expect(digestOf(undefined)).toBeUndefined()
})
