/**
 * Decision support from guidelines: looks a finding up in the index and suggests an option. Run as
 * `node --import telemetry.ts guideline-agent.ts`, with SCENARIO_AGENT, SCENARIO_INDEX and SCENARIO_DOCUMENTS set.
 */
import { runToolAgent } from '../acts/run-tool-agent.ts'
import { searchTool } from '../acts/search-tool.ts'
import { toolAgentTask } from '../acts/tool-agent-task.ts'

const searchGuidelines = searchTool({
  name: 'guideline.search',
  description: 'Searches the guidelines.',
  source: process.env['SCENARIO_INDEX'] ?? '',
  documents: process.env['SCENARIO_DOCUMENTS'] ?? '[]',
})

const answer = await runToolAgent(toolAgentTask(process.env['SCENARIO_AGENT'] ?? ''), {
  tools: (served) => ({ ...served, 'guideline.search': searchGuidelines }),
})
console.log(answer)
