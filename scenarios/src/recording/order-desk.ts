/**
 * The order-desk story of `fixtures/record/story.json` on OpenAI Agents JS with our tracing processor. RECORD_VARIANT
 * picks the variant. Run by `record-openai-agents.ts`.
 */
import { strict as assert } from 'node:assert'
import { readFileSync } from 'node:fs'

import { HoldfastTracingProcessor, recordRetrieval } from '@holdfast/sdk'
import {
  Agent,
  getCurrentSpan,
  Runner,
  setOpenAIAPI,
  setTraceProcessors,
  tool,
  withCustomSpan,
  withTrace,
} from '@openai/agents'
import { z } from 'zod'

import type { Story } from './story.ts'

const variant = process.env['RECORD_VARIANT']
// Our own fixture; its shape is checked by the run itself, which ends with the story's answer or not at all.
const story = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Story

setTraceProcessors([new HoldfastTracingProcessor()])
if (variant === 'chat-completions') setOpenAIAPI('chat_completions')

const agent = new Agent({
  name: story.agent,
  instructions: variant === 'retrieval' ? `${story.system}\nContext: ${story.document.text}` : story.system,
  model: story.model,
  tools: [
    tool({
      name: story.tool.name,
      description: story.tool.description,
      parameters: z.object({ order_id: z.string().describe("The order's id.") }),
      execute: async (input) => {
        assert.deepEqual(input, story.tool.arguments)
        return JSON.stringify(story.tool.result)
      },
    }),
  ],
})
const runner = new Runner({ traceIncludeSensitiveData: variant !== 'content-off' })
const result = await withTrace(
  story.service,
  async () => {
    if (variant === 'retrieval') await retrieve()
    return runner.run(agent, story.user)
  },
  { groupId: story.conversation },
)
assert.equal(result.finalOutput, story.answer)

async function retrieve(): Promise<void> {
  const { id, text } = story.document
  await withCustomSpan(
    async () => {
      recordRetrieval({ query: story.user, source: 'kb', documents: [{ id, content: text }] }, { on: getCurrentSpan() })
    },
    { data: { name: 'retrieval kb', data: {} } },
  )
}
