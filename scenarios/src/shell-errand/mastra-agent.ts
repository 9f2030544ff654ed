/** Errands on Mastra, which traces itself; `followMastra` says in which of its spans a tool runs. Run as `node mastra-agent.ts ERRAND...`. */
import { followMastra } from '@holdfast/sdk'
import { Agent } from '@mastra/core/agent'
import { Mastra } from '@mastra/core/mastra'
import { resolveCurrentSpan } from '@mastra/core/observability'
import { createTool } from '@mastra/core/tools'
import { Observability } from '@mastra/observability'
import { OtelExporter } from '@mastra/otel-exporter'
import { z } from 'zod'

import { mastraResource } from '../ops-handover/mastra-resource.ts'
import { DESCRIPTION, INSTRUCTIONS, runCommand, runErrands, TOOL } from './run-command.ts'

followMastra(resolveCurrentSpan)

const endpoint = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? 'http://127.0.0.1:4318'
const mastra = new Mastra({
  logger: false,
  agents: {
    errands: new Agent({
      id: 'errands',
      name: 'errands',
      instructions: INSTRUCTIONS,
      model: { id: 'openai/gpt-5-mini', url: process.env['OPENAI_BASE_URL'] ?? 'https://api.openai.com/v1' },
      tools: {
        [TOOL]: createTool({
          id: TOOL,
          description: DESCRIPTION,
          inputSchema: z.object({ command: z.string() }),
          execute: async ({ command }) => runCommand(command),
        }),
      },
    }),
  },
  observability: new Observability({
    configs: {
      otel: {
        serviceName: process.env['OTEL_SERVICE_NAME'] ?? 'errands',
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

await runErrands(async (errand) => {
  const sessionId = `errand-${errand}`
  const { text } = await mastra.getAgent('errands').generate(`Please run errand ${errand}.`, {
    tracingOptions: { metadata: { threadId: sessionId, sessionId } },
  })
  return text
})
await mastra.observability.shutdown()
