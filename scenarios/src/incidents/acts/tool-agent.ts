/**
 * An agent that only calls tools. Who it is, what it is told and where its tools are stand in SCENARIO_AGENT, so that one
 * program plays all of them. Run as `node --import telemetry.ts tool-agent.ts`.
 */
import { runToolAgent } from './run-tool-agent.ts'
import { toolAgentTask } from './tool-agent-task.ts'

console.log(await runToolAgent(toolAgentTask(process.env['SCENARIO_AGENT'] ?? '')))
