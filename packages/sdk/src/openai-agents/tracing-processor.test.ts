import {
  getCurrentSpan,
  setTraceProcessors,
  setTracingDisabled,
  withAgentSpan,
  withFunctionSpan,
  withGuardrailSpan,
  withHandoffSpan,
  withResponseSpan,
  withTrace,
} from '@openai/agents'
import { context, trace } from '@opentelemetry/api'
import { afterEach, beforeEach, expect, test } from 'vitest'

import type { SendBatch } from '../otlp/send.ts'
import { recordIdentity } from '../record/identity.ts'
import { decodeSpans, onlySpan, useActiveContext } from '../testing/decode-spans.ts'
import { HoldfastTracingProcessor } from './tracing-processor.ts'

let bodies: string[] = []
const keep: SendBatch = async (body) => {
  bodies.push(body)
  return { status: 'delivered' }
}

/** The library leaves tracing off in test environments; here it is the subject. */
function traceWith(send: SendBatch, env: Record<string, string> = {}): HoldfastTracingProcessor {
  const processor = new HoldfastTracingProcessor({ env: { OTEL_SERVICE_NAME: 'order-desk', ...env }, send })
  setTracingDisabled(false)
  setTraceProcessors([processor])
  return processor
}

beforeEach(() => {
  bodies = []
})
afterEach(() => {
  setTraceProcessors([])
  context.disable()
})

const ANSWER = {
  id: 'resp_1',
  model: 'gpt-5-mini',
  instructions: 'You are the order desk.',
  tools: [{ type: 'function', name: 'lookup_order', parameters: { type: 'object' } }],
  output: [
    { type: 'reasoning', summary: [{ type: 'summary_text', text: 'I need the order.' }] },
    { type: 'function_call', call_id: 'call_1', name: 'lookup_order', arguments: '{"order_id":"4711"}' },
  ],
  usage: { input_tokens: 20, output_tokens: 5, input_tokens_details: { cached_tokens: 8 } },
}

test('a model call, its tool call and the trace become one tree with their content', async () => {
  const processor = traceWith(keep)
  await withTrace(
    'Order desk',
    () =>
      withAgentSpan(
        async () => {
          await withResponseSpan(async (span) => {
            span.spanData._input = [{ type: 'message', role: 'user', content: 'Where is order 4711?' }]
            span.spanData._response = ANSWER
          })
          await withFunctionSpan(async () => undefined, {
            data: { name: 'lookup_order', input: '{"order_id":"4711"}', output: '{"status":"shipped"}' },
          })
        },
        { data: { name: 'order-desk', tools: ['lookup_order'] } },
      ),
    { groupId: 'conv-4711' },
  )
  await processor.forceFlush()

  const spans = bodies.flatMap(decodeSpans)
  const root = onlySpan(spans, 'invoke_workflow Order desk')
  const agent = onlySpan(spans, 'invoke_agent order-desk')
  const chat = onlySpan(spans, 'chat gpt-5-mini')
  const tool = onlySpan(spans, 'execute_tool lookup_order')
  expect(root.parentSpanId).toBeUndefined()
  expect(agent.parentSpanId).toBe(root.spanId)
  expect([chat.parentSpanId, tool.parentSpanId]).toEqual([agent.spanId, agent.spanId])
  expect(new Set(spans.map((span) => span.traceId)).size).toBe(1)
  expect(spans.map((span) => span.attributes['gen_ai.conversation.id'])).toEqual(spans.map(() => 'conv-4711'))
  expect(chat.attributes).toMatchObject({
    'openai_agents.span_data.type': 'response',
    'gen_ai.system_instructions': '[{"type":"text","content":"You are the order desk."}]',
    'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Where is order 4711?"}]}]',
    'gen_ai.usage.input_tokens': 20,
    'gen_ai.usage.cache_read.input_tokens': 8,
  })
  expect(JSON.parse(String(chat.attributes['gen_ai.output.messages']))).toEqual([
    {
      role: 'assistant',
      parts: [
        { type: 'reasoning', content: 'I need the order.' },
        { type: 'tool_call', id: 'call_1', name: 'lookup_order', arguments: { order_id: '4711' } },
      ],
      finish_reason: 'tool_call',
    },
  ])
  expect(agent.attributes).toMatchObject({
    'gen_ai.input.messages': chat.attributes['gen_ai.input.messages'],
    'gen_ai.output.messages': chat.attributes['gen_ai.output.messages'],
  })
  expect(tool.attributes).toMatchObject({
    'gen_ai.tool.call.id': 'call_1',
    'gen_ai.tool.call.arguments': '{"order_id":"4711"}',
    'gen_ai.tool.call.result': '{"status":"shipped"}',
  })
})

test('each agent says what it was given first and answered last, and nothing of the agent beside it', async () => {
  const processor = traceWith(keep)
  const call = (input: string, answer: string): Promise<void> =>
    withResponseSpan(async (span) => {
      span.spanData._input = input
      const content = [{ type: 'output_text', text: answer }]
      span.spanData._response = { id: 'r', model: 'm', output: [{ type: 'message', role: 'assistant', content }] }
    })
  await withTrace('Two agents', async () => {
    await withAgentSpan(() => call('one', 'first').then(() => call('two', 'second')), { data: { name: 'a' } })
    await withAgentSpan(() => call('three', 'third'), { data: { name: 'b' } })
  })
  await processor.forceFlush()
  const spans = bodies.flatMap(decodeSpans)
  const [a, b] = [onlySpan(spans, 'invoke_agent a').attributes, onlySpan(spans, 'invoke_agent b').attributes]
  expect(a['gen_ai.input.messages']).toContain('"one"')
  expect(a['gen_ai.output.messages']).toContain('"second"')
  expect(b['gen_ai.input.messages']).toContain('"three"')
  expect(b['gen_ai.output.messages']).toContain('"third"')
})

test('handoffs and guardrails keep who handed to whom and whether it tripped', async () => {
  const processor = traceWith(keep)
  await withTrace('Refunds', async () => {
    await withHandoffSpan(async () => undefined, { data: { from_agent: 'triage', to_agent: 'refunds' } })
    await withGuardrailSpan(async () => undefined, { data: { name: 'amount-limit', triggered: true } })
  })
  await processor.forceFlush()
  const spans = bodies.flatMap(decodeSpans)
  expect(onlySpan(spans, 'handoff triage to refunds').attributes).toMatchObject({
    'gen_ai.handoff.from_agent': 'triage',
    'gen_ai.handoff.to_agent': 'refunds',
  })
  expect(onlySpan(spans, 'guardrail amount-limit').attributes['openai_agents.guardrail.triggered']).toBe(true)
})

test('a trace continues the OpenTelemetry span that is active when it starts', async () => {
  useActiveContext()
  const processor = traceWith(keep)
  const outer = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 }
  await context.with(trace.setSpanContext(context.active(), outer), () =>
    withTrace('Called', () => withAgentSpan(async () => undefined, { data: { name: 'called' } })),
  )
  await processor.forceFlush()
  const spans = bodies.flatMap(decodeSpans)
  expect(spans.map((span) => span.traceId)).toEqual([outer.traceId, outer.traceId])
  expect(onlySpan(spans, 'invoke_workflow Called').parentSpanId).toBe(outer.spanId)
})

test('a helper given the current span of the library adds to that span', async () => {
  const processor = traceWith(keep)
  await withTrace('Refunds', () =>
    withFunctionSpan(
      async () => {
        expect(recordIdentity({ principal: 'svc-refunds', kind: 'service-account' }, { on: getCurrentSpan() })).toBe(
          true,
        )
      },
      { data: { name: 'refund', input: '{}', output: '' } },
    ),
  )
  await processor.forceFlush()
  const tool = onlySpan(bodies.flatMap(decodeSpans), 'execute_tool refund')
  expect(tool.attributes['holdfast.identity.principal']).toBe('svc-refunds')
})

test('an error of a step is the status of its span', async () => {
  const processor = traceWith(keep)
  const failing = withTrace('Failing', () =>
    withFunctionSpan(
      async () => {
        throw new Error('ledger is closed')
      },
      { data: { name: 'book', input: '{}', output: '' } },
    ),
  )
  await expect(failing).rejects.toThrow('ledger is closed')
  await processor.forceFlush()
  expect(onlySpan(bodies.flatMap(decodeSpans), 'execute_tool book').status).toEqual({
    code: 2,
    message: 'ledger is closed',
  })
})

test('spans that fit into no queue or reach no receiver are counted, and the count is sent along', async () => {
  let isReachable = false
  const processor = traceWith(
    async (body) => (isReachable ? keep(body) : { status: 'failed', reason: 'no receiver' }),
    { OTEL_BSP_MAX_QUEUE_SIZE: '2' },
  )
  const threeSpans = (): Promise<void> =>
    withTrace('Many', async () => {
      for (const name of ['a', 'b', 'c', 'd']) await withAgentSpan(async () => undefined, { data: { name } })
    })
  await threeSpans()
  await processor.forceFlush()
  const lost = processor.droppedSpans
  expect(lost).toBe(5)
  isReachable = true
  await withTrace('Later', async () => undefined)
  await processor.shutdown()
  expect(bodies.join('')).toContain(`{"key":"holdfast.sdk.dropped_spans","value":{"intValue":"${lost}"}}`)
})

test('OTEL_SDK_DISABLED sends nothing', async () => {
  const processor = traceWith(keep, { OTEL_SDK_DISABLED: 'true' })
  await withTrace('Quiet', async () => undefined)
  await processor.shutdown()
  expect(bodies).toEqual([])
})
