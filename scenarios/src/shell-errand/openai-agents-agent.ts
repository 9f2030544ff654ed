/** Errands on OpenAI Agents JS, traced by our processor. Run as `node openai-agents-agent.ts ERRAND...`. */
import { HoldfastTracingProcessor } from '@holdfast/sdk'
import { Agent, run, setTraceProcessors, tool, withTrace } from '@openai/agents'
import { z } from 'zod'

import { DESCRIPTION, INSTRUCTIONS, runCommand, runErrands, TOOL } from './run-command.ts'

setTraceProcessors([new HoldfastTracingProcessor()])

const agent = new Agent({
  name: 'errands',
  instructions: INSTRUCTIONS,
  model: 'gpt-5-mini',
  tools: [
    tool({
      name: TOOL,
      description: DESCRIPTION,
      parameters: z.object({ command: z.string() }),
      execute: async ({ command }) => runCommand(command),
    }),
  ],
})

await runErrands(async (errand) => {
  const result = await withTrace(`errand ${errand}`, () => run(agent, `Please run errand ${errand}.`), {
    groupId: `errand-${errand}`,
  })
  return result.finalOutput ?? ''
})
