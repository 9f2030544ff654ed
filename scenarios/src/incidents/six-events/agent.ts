/**
 * A research agent on the Vercel AI SDK that runs Python through an MCP server behind `holdfast mcp`. Before it starts it
 * fetches its notes, as its launcher told it to; its own telemetry names the run and nothing else. Run as
 * `node --import telemetry.ts agent.ts CONVERSATION TASK`, with RESEARCH_NOTES (a URL) and RESEARCH_MCP (the MCP server's
 * command, as JSON).
 */
import { execFileSync } from 'node:child_process'

import { createMCPClient } from '@ai-sdk/mcp'
import { Experimental_StdioMCPTransport as StdioTransport } from '@ai-sdk/mcp/mcp-stdio'
import { createOpenAI } from '@ai-sdk/openai'
import { OpenTelemetry } from '@ai-sdk/otel'
import { recordIdentity } from '@holdfast/sdk'
import { context, propagation, trace } from '@opentelemetry/api'
import { registerTelemetry, ToolLoopAgent } from 'ai'

registerTelemetry(new OpenTelemetry({ runtimeContext: true }))

const [conversationId = 'research', task = ''] = process.argv.slice(2)
// Our own caller's value.
const [command = '', ...args] = JSON.parse(process.env['RESEARCH_MCP'] ?? '[]') as readonly string[]

const answer = await trace.getTracer('research-agent').startActiveSpan('research', async (span) => {
  span.setAttribute('gen_ai.conversation.id', conversationId)
  recordIdentity({ principal: 'system:serviceaccount:ml:research-agent', kind: 'service-account' })
  const notes = process.env['RESEARCH_NOTES']
  if (notes !== undefined) execFileSync('curl', ['-sSf', '-o', '/dev/null', notes])
  // Started within the span: what the server's programs do stands in this trace.
  const mcp = await createMCPClient({
    transport: traced(new StdioTransport({ command, args, env: environment(), stderr: 'inherit' })),
  })
  try {
    const agent = new ToolLoopAgent({
      id: 'research-agent',
      model: createOpenAI().chat('gpt-5-mini'),
      instructions: 'You are the research agent. You answer questions by running Python.',
      tools: await mcp.tools(),
      runtimeContext: { conversationId },
      telemetry: { functionId: 'research-agent', includeRuntimeContext: { conversationId: true } },
    })
    return await agent.generate({ prompt: task })
  } finally {
    await mcp.close()
    span.end()
  }
})
console.log(answer.text)

/** The transport hands on a few variables by itself; the proxy needs those that name server, run and trace. */
function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  )
}

/** Passes on the span that a call is made in, where MCP has its place for it. */
function traced(transport: StdioTransport): StdioTransport {
  const send = transport.send.bind(transport)
  transport.send = async (message) => {
    if (!('method' in message) || message.method !== 'tools/call') return send(message)
    const carried: Record<string, string> = {}
    propagation.inject(context.active(), carried)
    return send({ ...message, params: { ...message.params, _meta: { ...message.params?.['_meta'], ...carried } } })
  }
  return transport
}
