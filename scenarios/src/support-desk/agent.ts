/**
 * A support desk on the Vercel AI SDK: reads a ticket over MCP, looks the rule up in the handbook, answers the customer.
 * Run as `node --import telemetry.ts agent.ts CONVERSATION`.
 */
import { createMCPClient } from '@ai-sdk/mcp'
import { Experimental_StdioMCPTransport as StdioTransport } from '@ai-sdk/mcp/mcp-stdio'
import { createOpenAI } from '@ai-sdk/openai'
import { OpenTelemetry } from '@ai-sdk/otel'
import { recordIdentity, recordPromptTemplate, recordRetrieval } from '@holdfast/sdk'
import { trace } from '@opentelemetry/api'
import { registerTelemetry, tool, ToolLoopAgent } from 'ai'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

import { search } from '../retrieval/bm25.ts'
import { loadCorpus } from '../retrieval/corpus.ts'

registerTelemetry(new OpenTelemetry({ runtimeContext: true }))

const conversationId = process.argv[2] ?? 'ticket-T-1042'
const instructions =
  'You are the support desk of a lamp shop. Read the ticket, look up the rule that applies in the handbook, and reply to the customer in two sentences.'
const handbook = await loadCorpus('handbook')

const searchHandbook = tool({
  description: 'Searches the handbook of the support desk.',
  inputSchema: z.object({ query: z.string() }),
  execute: async ({ query }) => {
    recordIdentity({ principal: 'system:serviceaccount:support:support-desk', kind: 'service-account' })
    const startedAt = Date.now()
    const hits = search(handbook, query, 2)
    const documents = hits.map(({ id, uri, version, text, score }) => ({ id, uri, version, content: text, score }))
    recordRetrieval({
      query,
      source: 'handbook',
      startedAt,
      documents: documents.map((hit) => ({ ...hit, trust: 'internal' })),
    })
    return documents
  },
})

const mcp = await createMCPClient({
  transport: new StdioTransport({
    command: process.execPath,
    args: [fileURLToPath(new URL('../mcp/ticket-server.ts', import.meta.url))],
  }),
})
try {
  const agent = new ToolLoopAgent({
    id: 'support-desk',
    model: createOpenAI().chat('gpt-5-mini'),
    instructions,
    tools: { ...(await mcp.tools()), search_handbook: searchHandbook },
    runtimeContext: { conversationId },
    telemetry: { functionId: 'support-desk', includeRuntimeContext: { conversationId: true } },
  })
  const { text } = await trace.getTracer('support-desk').startActiveSpan('handle ticket', async (span) => {
    span.setAttribute('gen_ai.conversation.id', conversationId)
    recordIdentity({
      principal: 'system:serviceaccount:support:support-desk',
      kind: 'service-account',
      onBehalfOf: 'cust-88121',
    })
    recordPromptTemplate({ id: 'support-desk/system', version: '7', text: instructions })
    try {
      return await agent.generate({ prompt: 'Please handle ticket T-1042.' })
    } finally {
      span.end()
    }
  })
  console.log(text)
} finally {
  await mcp.close()
}
