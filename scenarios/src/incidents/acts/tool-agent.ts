/**
 * An agent on the Vercel AI SDK whose tools come from an MCP server over HTTP. Who it is, what it is told and where its
 * tools are stand in SCENARIO_AGENT, so that one program plays every agent that only calls tools. Run as
 * `node --import telemetry.ts tool-agent.ts`.
 */
import { createMCPClient } from '@ai-sdk/mcp'
import { createOpenAI } from '@ai-sdk/openai'
import { OpenTelemetry } from '@ai-sdk/otel'
import { recordIdentity, recordPromptTemplate } from '@holdfast/sdk'
import { trace } from '@opentelemetry/api'
import { registerTelemetry, stepCountIs, ToolLoopAgent } from 'ai'
import { tracedFetch } from './traced-fetch.ts'
import { toolAgentTask } from './tool-agent-task.ts'

registerTelemetry(new OpenTelemetry({ runtimeContext: true }))

const task = toolAgentTask(process.env['SCENARIO_AGENT'] ?? '')
const { id, instructions, prompt, conversation, tools, identity, model = 'gpt-5-mini', promptVersion = '12' } = task

const answer = await trace.getTracer(id).startActiveSpan(`handle ${id}`, async (span) => {
  span.setAttribute('gen_ai.conversation.id', conversation)
  recordIdentity(identity)
  recordPromptTemplate({ id: `${id}/system`, version: promptVersion, text: instructions })
  const mcp = await createMCPClient({ transport: { type: 'http', url: tools, fetch: tracedFetch } })
  try {
    const agent = new ToolLoopAgent({
      id,
      model: createOpenAI({ fetch: tracedFetch }).chat(model),
      instructions,
      tools: await mcp.tools(),
      // Scripted models end by themselves; a script that does not must not run on.
      stopWhen: stepCountIs(40),
      runtimeContext: { conversationId: conversation },
      telemetry: { functionId: id, includeRuntimeContext: { conversationId: true } },
    })
    return (await agent.generate({ prompt })).text
  } finally {
    await mcp.close()
    span.end()
  }
})
console.log(answer)
