/**
 * Decision support from guidelines: looks a finding up in the index and suggests an option. Run as
 * `node --import telemetry.ts guideline-agent.ts`, with SCENARIO_AGENT, SCENARIO_INDEX and SCENARIO_DOCUMENTS set.
 */
import { recordRetrieval } from '@holdfast/sdk'
import { tool } from 'ai'
import { z } from 'zod'
import { search } from '../../retrieval/bm25.ts'
import { runToolAgent } from '../acts/run-tool-agent.ts'
import { toolAgentTask } from '../acts/tool-agent-task.ts'

const source = process.env['SCENARIO_INDEX'] ?? ''
const documents = z
  .array(z.strictObject({ id: z.string(), uri: z.string(), version: z.string(), text: z.string() }))
  .parse(JSON.parse(process.env['SCENARIO_DOCUMENTS'] ?? '[]'))

const searchGuidelines = tool({
  description: 'Searches the guidelines.',
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
    recordRetrieval({ query, source, startedAt, documents: found })
    return found.map(({ uri, content }) => ({ uri, content }))
  },
})

const answer = await runToolAgent(toolAgentTask(process.env['SCENARIO_AGENT'] ?? ''), {
  tools: (served) => ({ ...served, 'guideline.search': searchGuidelines }),
})
console.log(answer)
