import { createMCPClient } from '@ai-sdk/mcp'
import { createOpenAI } from '@ai-sdk/openai'
import { OpenTelemetry } from '@ai-sdk/otel'
import { recordIdentity, recordPromptTemplate } from '@holdfast/sdk'
import { trace, type Attributes } from '@opentelemetry/api'
import { registerTelemetry, stepCountIs, ToolLoopAgent, type ToolSet } from 'ai'
import type { ToolAgentTask } from './tool-agent-task.ts'
import { tracedFetch } from './traced-fetch.ts'

registerTelemetry(new OpenTelemetry({ runtimeContext: true }))

/** Scripted models end by themselves; a script that does not must not run on. */
const MOST_STEPS = 40

export type ToolAgentParts = {
  /** Made of the tools of its MCP server; those alone where it is left out. */
  readonly tools?: (served: ToolSet) => ToolSet
  /** What happens before the model sees the prompt. */
  readonly before?: () => void
  /** Of its outermost span. */
  readonly attributes?: Attributes
}

/**
 * One execution of an agent on the Vercel AI SDK whose tools come from an MCP server over HTTP: one trace, from its prompt to its
 * answer, which it gives.
 */
export async function runToolAgent(task: ToolAgentTask, parts: ToolAgentParts = {}): Promise<string> {
  const { id, instructions, prompt, conversation, tools, identity, model = 'gpt-5-mini', promptVersion = '12' } = task
  const attributes = { 'gen_ai.conversation.id': conversation, ...parts.attributes }
  return await trace.getTracer(id).startActiveSpan(`handle ${id}`, { root: true, attributes }, async (span) => {
    recordIdentity(identity)
    recordPromptTemplate({ id: `${id}/system`, version: promptVersion, text: instructions })
    const mcp = await createMCPClient({ transport: { type: 'http', url: tools, fetch: tracedFetch } })
    try {
      parts.before?.()
      const served: ToolSet = await mcp.tools()
      const agent = new ToolLoopAgent({
        id,
        model: createOpenAI({ fetch: tracedFetch }).chat(model),
        instructions,
        tools: parts.tools?.(served) ?? served,
        stopWhen: stepCountIs(MOST_STEPS),
        runtimeContext: { conversationId: conversation },
        telemetry: { functionId: id, includeRuntimeContext: { conversationId: true } },
      })
      return (await agent.generate({ prompt })).text
    } finally {
      await mcp.close()
      span.end()
    }
  })
}
