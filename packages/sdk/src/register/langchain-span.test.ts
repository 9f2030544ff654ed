import { AsyncLocalStorage } from 'node:async_hooks'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { activeLangChainSpan } from './langchain-span.ts'

/* What @langchain/core 1.2 keeps while a tool runs, and OpenInference 4.1 beside it; the scenarios run the real ones. */
const storage = new AsyncLocalStorage<unknown>()
const STORE = Symbol.for('ls:tracing_async_local_storage')
const TRACE = '0af7651916cd43dd8448eb211c80319c'
const OUTER = 'aaaaaaaaaaaaaaaa'

beforeAll(() => void Reflect.set(globalThis, STORE, storage))
afterAll(() => void Reflect.deleteProperty(globalThis, STORE))

function span(spanId: string, parent?: string) {
  const parentSpanContext = parent === undefined ? undefined : { traceId: TRACE, spanId: parent }
  return { spanContext: () => ({ traceId: TRACE, spanId, traceFlags: 1 }), parentSpanContext }
}

const runs = {
  graph: { run: {}, span: span('1111111111111111', OUTER) },
  tool: { run: { parent_run_id: 'graph' }, span: span('2222222222222222', '1111111111111111') },
}

function inTool<T>(run: () => T, handlers: readonly unknown[] = [{ name: 'other' }, { runs }]): T {
  const config = { callbacks: { _parentRunId: 'tool', handlers } }
  return storage.run({ extra: { [Symbol.for('lc:child_config')]: config } }, run)
}

function named(spanId: string) {
  return { traceId: TRACE, spanId, flags: 1, traceState: undefined }
}

test('in a tool the span of its run is the active one, with nothing of OpenTelemetry active or what the graph began in', () => {
  expect(inTool(() => activeLangChainSpan(undefined))).toEqual(named('2222222222222222'))
  expect(inTool(() => activeLangChainSpan(named(OUTER)))).toEqual(named('2222222222222222'))
})

test('an OpenTelemetry span that was opened since the graph began stays', () => {
  expect(inTool(() => activeLangChainSpan(named('bbbbbbbbbbbbbbbb')))).toEqual(named('bbbbbbbbbbbbbbbb'))
})

test('outside of a run, and where nothing keeps its span, nothing changes', () => {
  expect(activeLangChainSpan(named(OUTER))).toEqual(named(OUTER))
  expect(inTool(() => activeLangChainSpan(undefined), [{ runs: {} }, {}, null])).toBeUndefined()
})

test('runs that are each above the other end the climb', () => {
  const ring = {
    a: { run: { parent_run_id: 'tool' }, span: span('3333333333333333') },
    tool: { ...runs.tool, run: { parent_run_id: 'a' } },
  }
  expect(inTool(() => activeLangChainSpan(undefined), [{ runs: ring }])).toEqual(named('2222222222222222'))
})
