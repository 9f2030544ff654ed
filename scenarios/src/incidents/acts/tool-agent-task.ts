import { z } from 'zod'

const taskSchema = z.strictObject({
  /** Name of the agent, as its telemetry says it. */
  id: z.string(),
  instructions: z.string(),
  prompt: z.string(),
  conversation: z.string(),
  /** URL of the MCP server, or of the proxy before it. */
  tools: z.string(),
  identity: z.strictObject({
    principal: z.string(),
    kind: z.enum(['user', 'service-account', 'role']),
    onBehalfOf: z.string().exactOptional(),
  }),
  model: z.string().exactOptional(),
  promptVersion: z.string().exactOptional(),
})

/** What `acts/tool-agent.ts` is told. */
export type ToolAgentTask = z.infer<typeof taskSchema>

/** Reads the task from the environment's text; throws where it is no task. */
export function toolAgentTask(text: string): ToolAgentTask {
  return taskSchema.parse(JSON.parse(text))
}
