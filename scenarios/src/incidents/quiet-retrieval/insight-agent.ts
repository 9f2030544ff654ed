/**
 * A retrieval agent: looks prices up in the index `kb`, asks the warehouse and posts reports over MCP. An input guard scores each
 * question before it. Run as `node --import telemetry.ts insight-agent.ts`, with SCENARIO_AGENT and SCENARIO_DOCUMENTS set.
 */
import { recordRetrieval } from '@holdfast/sdk'
import { trace } from '@opentelemetry/api'
import { tool } from 'ai'
import { z } from 'zod'
import { search } from '../../retrieval/bm25.ts'
import { runToolAgent } from '../acts/run-tool-agent.ts'
import { toolAgentTask } from '../acts/tool-agent-task.ts'
import { guardScore } from './input-guard.ts'

const REFUSED_FROM = 0.5

const task = toolAgentTask(process.env['SCENARIO_AGENT'] ?? '')
const documents = z
  .array(z.strictObject({ id: z.string(), uri: z.string(), version: z.string(), text: z.string() }))
  .parse(JSON.parse(process.env['SCENARIO_DOCUMENTS'] ?? '[]'))

const searchKb = tool({
  description: 'Searches the knowledge base.',
  inputSchema: z.object({ query: z.string() }),
  execute: async ({ query }) => {
    const startedAt = Date.now()
    const found = search(documents, query, 1).map(({ id, uri, version, text, score }) => ({
      id,
      uri,
      version,
      trust: 'internal',
      content: text,
      score,
    }))
    recordRetrieval({ query, source: 'kb', startedAt, documents: found })
    return found.map(({ uri, content }) => ({ uri, content }))
  },
})

const answer = await runToolAgent(task, {
  before: () => guard(task.prompt),
  tools: (served) => ({ ...served, 'kb.search': searchKb }),
})
console.log(answer)

/** Looks at what the user typed, as such guards do, and says so in a span of its own. */
function guard(text: string): void {
  const score = guardScore(text)
  const span = trace.getTracer(task.id).startSpan('apply_guardrail input-guard', {
    attributes: {
      'gen_ai.operation.name': 'apply_guardrail',
      'gen_ai.conversation.id': task.conversation,
      'gen_ai.guardrail.name': 'input-guard',
      'gen_ai.guardrail.verdict': score < REFUSED_FROM ? 'allow' : 'deny',
      'gen_ai.guardrail.output': JSON.stringify({ score }),
    },
  })
  span.end()
  if (score >= REFUSED_FROM) throw new Error('the input guard refused the question')
}
