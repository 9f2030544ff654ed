import { getCurrentSpan, setTraceProcessors, setTracingDisabled, withFunctionSpan, withTrace } from '@openai/agents'
import { expect, test } from 'vitest'

import { activeSpan } from '../register/active-span.ts'
import { otlpSpanId, otlpTraceId } from './ids.ts'
import { HoldfastTracingProcessor } from './tracing-processor.ts'

test('in a tool of the library its span is the active one, in parallel calls each its own, and outside there is none', async () => {
  setTracingDisabled(false)
  setTraceProcessors([new HoldfastTracingProcessor({ env: {}, send: async () => ({ status: 'delivered' }) })])
  const called = async (name: string) =>
    withFunctionSpan(
      async () => {
        await new Promise(setImmediate)
        const own = getCurrentSpan()
        const expected = { traceId: otlpTraceId(own?.traceId ?? ''), spanId: otlpSpanId(own?.spanId ?? '') }
        return { expected, active: activeSpan() }
      },
      { data: { name, input: '', output: '' } },
    )
  const calls = await withTrace('two at once', async () => Promise.all([called('one'), called('two')]))
  for (const { expected, active } of calls) expect(active).toMatchObject(expected)
  expect(new Set(calls.map(({ active }) => active?.spanId)).size).toBe(2)
  expect(activeSpan()).toBeUndefined()
})
