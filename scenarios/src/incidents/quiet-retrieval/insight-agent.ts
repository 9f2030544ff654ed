/**
 * A retrieval agent: looks prices up in the index `kb`, asks the warehouse and posts reports over MCP. An input guard scores each
 * question before it. Run as `node --import telemetry.ts insight-agent.ts`, with SCENARIO_AGENT and SCENARIO_DOCUMENTS set.
 */
import { trace } from '@opentelemetry/api'
import { runToolAgent } from '../acts/run-tool-agent.ts'
import { searchTool } from '../acts/search-tool.ts'
import { toolAgentTask } from '../acts/tool-agent-task.ts'
import { guardScore } from './input-guard.ts'

const REFUSED_FROM = 0.5

const task = toolAgentTask(process.env['SCENARIO_AGENT'] ?? '')
const searchKb = searchTool({
  name: 'kb.search',
  description: 'Searches the knowledge base.',
  source: 'kb',
  documents: process.env['SCENARIO_DOCUMENTS'] ?? '[]',
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
