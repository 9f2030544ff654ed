import type { Script } from '@holdfast/testkit'
import type { ToolAgentTask } from '../acts/tool-agent-task.ts'
import type { IncidentScenario } from '../scenario.ts'
import { escapeIn } from '../six-events/scenario.ts'
import type { Stage } from '../stage.ts'
import { churnHistory, runningPod } from './history.ts'

/** Nothing but churn: pods come and go, and one of them does what they all do. */
export const autoscaleChurn: IncidentScenario = {
  name: 'autoscale-churn',
  tells: '1,900 pods of one Deployment come and go, and nothing else happens',
  history: churnHistory,
  act,
}

/** One of the pods reaches out of its container. */
export const autoscaleChurnTwin: IncidentScenario = {
  name: 'autoscale-churn-twin',
  tells: 'one of the 1,900 pods enters the mount namespace of another',
  needsKernel: true,
  history: churnHistory,
  act: async (stage) => {
    await act(stage)
    await escapeIn(stage, runningPod(stage))
  },
}

async function act(stage: Stage): Promise<void> {
  const pod = runningPod(stage)
  const server = await stage.server({ program: 'incidents/autoscale-churn/ticket-server.ts' })
  const task: ToolAgentTask = {
    id: 'autoscale-churn',
    instructions: 'You are the support desk of a lamp shop. Read the ticket and reply to the customer.',
    prompt: 'Please handle ticket T-4711.',
    conversation: `ticket-4711-${stage.cast.run}`,
    tools: await stage.toolProxy(server, pod),
    identity: { principal: 'system:serviceaccount:agents:autoscale-churn', kind: 'service-account' },
    model: 'gpt-4.1-mini',
  }
  await stage.run({
    program: 'incidents/acts/tool-agent.ts',
    workload: pod,
    env: {
      SCENARIO_AGENT: JSON.stringify(task),
      OPENAI_BASE_URL: await stage.modelProxy(await stage.model(script()), pod),
    },
  })
}

function script(): Script {
  const system = 'support desk of a lamp shop'
  const call = (name: string, given: unknown) => ({ toolCalls: [{ name, arguments: given }] })
  const text = 'Thank you for your patience: a new shade is on its way.'
  return {
    rules: [
      { when: { system, afterTool: 'reply_ticket' }, reply: { text: 'The ticket is answered.' } },
      { when: { system, afterTool: 'get_ticket' }, reply: call('reply_ticket', { ticket: 'T-4711', text }) },
      { when: { system }, reply: call('get_ticket', { ticket: 'T-4711' }) },
    ],
  }
}
