/**
 * An operations coordinator on Mastra that hands work to another agent's process over A2A. Mastra traces itself; the
 * outgoing call is an OpenTelemetry span of our own below it, and its context travels in the `traceparent` header.
 * Run as `node --import telemetry.ts coordinator.ts CONVERSATION MAINTAINER_URL`.
 */
import { recordDelegation, recordIdentity } from '@holdfast/sdk'
import { Agent } from '@mastra/core/agent'
import { Mastra } from '@mastra/core/mastra'
import type { TracingContext } from '@mastra/core/observability'
import { createTool } from '@mastra/core/tools'
import { Observability } from '@mastra/observability'
import { OtelExporter } from '@mastra/otel-exporter'
import { context, SpanKind, trace } from '@opentelemetry/api'
import { z } from 'zod'

import { sendTask } from './a2a-client.ts'
import { mastraResource } from './mastra-resource.ts'

const [conversationId = 'ops-db-host-3', maintainerUrl = ''] = process.argv.slice(2)
const PRINCIPAL = 'svc-ops-coordinator'
const ONCALL = 'oncall-marek'

const checkHost = createTool({
  id: 'check_host',
  description: 'Reads the current figures of a host.',
  inputSchema: z.object({ host: z.string() }),
  execute: async ({ host }, { tracingContext }) =>
    withinMastraSpan(tracingContext, 'read host metrics', async () => {
      recordIdentity({ principal: PRINCIPAL, kind: 'service-account', onBehalfOf: ONCALL })
      return { host, volume: '/var/lib/postgresql', usedPercent: 88, logsGb: 41 }
    }),
})

const delegate = createTool({
  id: 'delegate_to_maintainer',
  description: 'Hands a task to the host maintenance agent and waits for its report.',
  inputSchema: z.object({ task: z.string() }),
  execute: async ({ task }, { tracingContext }) =>
    withinMastraSpan(tracingContext, 'SendMessage host-maintainer', async () => {
      recordIdentity({ principal: PRINCIPAL, kind: 'service-account', onBehalfOf: ONCALL })
      recordDelegation({ id: conversationId, fromAgent: 'ops-coordinator', toAgent: 'host-maintainer', payload: task })
      return { report: await sendTask({ agentUrl: maintainerUrl, contextId: conversationId, text: task }) }
    }),
})

/**
 * Runs `work` in an OpenTelemetry span below Mastra's current one. Mastra keeps its spans outside OpenTelemetry's
 * context, so its ids are put there by hand.
 */
async function withinMastraSpan<T>(
  tracing: TracingContext | undefined,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const outer = tracing?.currentSpan
  if (outer === undefined) throw new Error('mastra gave the tool no span: is observability configured')
  const below = trace.setSpanContext(context.active(), { traceId: outer.traceId, spanId: outer.id, traceFlags: 1 })
  const options = { kind: SpanKind.CLIENT, attributes: { 'gen_ai.conversation.id': conversationId } }
  return trace.getTracer('ops-coordinator').startActiveSpan(name, options, below, async (span) => {
    try {
      return await work()
    } finally {
      span.end()
    }
  })
}

const endpoint = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? 'http://127.0.0.1:4318'
const mastra = new Mastra({
  logger: false,
  agents: {
    coordinator: new Agent({
      id: 'ops-coordinator',
      name: 'ops-coordinator',
      instructions:
        'You are the operations coordinator. Look at the host first, hand the work to the maintainer, then report in one sentence.',
      model: { id: 'openai/gpt-5-mini', url: process.env['OPENAI_BASE_URL'] ?? 'https://api.openai.com/v1' },
      tools: { check_host: checkHost, delegate_to_maintainer: delegate },
    }),
  },
  observability: new Observability({
    configs: {
      otel: {
        serviceName: process.env['OTEL_SERVICE_NAME'] ?? 'ops-coordinator',
        exporters: [
          new OtelExporter({
            provider: { custom: { endpoint: `${endpoint}/v1/traces`, protocol: 'http/protobuf' } },
            resourceAttributes: mastraResource(process.env),
          }),
        ],
      },
    },
  }),
})

const { text } = await mastra
  .getAgent('coordinator')
  .generate('The disk of db-host-3 is filling up. Please have it handled.', {
    tracingOptions: { metadata: { threadId: conversationId, sessionId: conversationId, userId: ONCALL } },
  })
console.log(text)
await mastra.observability.shutdown()
