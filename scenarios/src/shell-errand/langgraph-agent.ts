/** Errands on LangGraph.js, traced by OpenInference. Run as `node --import ../research-graph/instrument.ts langgraph-agent.ts ERRAND...`. */
import { tool } from '@langchain/core/tools'
import { MemorySaver } from '@langchain/langgraph'
import { createReactAgent } from '@langchain/langgraph/prebuilt'
import { ChatOpenAI } from '@langchain/openai'
import { z } from 'zod'

import { DESCRIPTION, INSTRUCTIONS, runCommand, runErrands, TOOL } from './run-command.ts'

const agent = createReactAgent({
  name: 'errands',
  llm: new ChatOpenAI({ model: 'gpt-5-mini', useResponsesApi: false }),
  tools: [
    tool(async ({ command }: { readonly command: string }) => runCommand(command), {
      name: TOOL,
      description: DESCRIPTION,
      schema: z.object({ command: z.string() }),
    }),
  ],
  prompt: INSTRUCTIONS,
  checkpointer: new MemorySaver(),
})

await runErrands(async (errand) => {
  // OpenInference takes the thread for the session, and so for the conversation.
  const answer = await agent.invoke(
    { messages: [{ role: 'user', content: `Please run errand ${errand}.` }] },
    { configurable: { thread_id: `errand-${errand}` } },
  )
  return answer.messages.at(-1)?.text ?? ''
})
