import type { AttributeReader } from './attribute-reader.ts'
import type { Dialect } from './dialect.ts'
import { openInference } from './openinference.ts'
import { openLlmetry } from './openllmetry.ts'
import { readGenAiLog, readGenAiSpan } from './otel-genai.ts'

/** Microsoft Agent Framework and AutoGen: plain GenAI, told by the scope; Agent 365 adds `microsoft.*`. */
export const msAgentFramework: Dialect = {
  name: 'ms-agent-framework',
  recognises: ({ record, scope }) =>
    scope.name.startsWith('agent_framework') ||
    scope.name.startsWith('Microsoft.Agents') ||
    scope.name.startsWith('autogen') ||
    record.attributes.has('microsoft.agent.user.id'),
  read: ({ record }, reader) => {
    for (const key of [
      'microsoft.tenant.id',
      'microsoft.channel.name',
      'microsoft.channel.link',
      'microsoft.agent.user.email',
      'gen_ai.task.id',
    ])
      reader.value(key)
    return record.kind === 'span' ? readGenAiSpan(record, reader) : readGenAiLog(record, reader)
  },
}

/**
 * CrewAI has no telemetry of its own: its spans come from OpenInference or Traceloop, with the crew's attributes added.
 * It is stamped as itself so that coverage is shown for the framework that the agent's author knows.
 */
export const crewAi: Dialect = {
  name: 'crewai',
  recognises: (received) => isCrew(received.scope.name) || CREW_KEYS.some((key) => received.record.attributes.has(key)),
  read: (received, reader) => {
    const role = readCrew(reader) ?? nameOf(received.record.kind === 'span' ? received.record.name : '')
    const inner = openInference.recognises(received) ? openInference : openLlmetry
    const reading = inner.read(received, reader)
    if (role === undefined) return reading
    const acts = reading.acts.map((act) => (act.kind === 'invocation' ? { ...act, name: role } : act))
    return { ...reading, acts, member: role }
  },
}

const CREW_KEYS = ['crew_key', 'crew_id', 'crewai.crew.id', 'crewai.agent.role', 'crewai.task.id', 'agent_role']

/** Spans of agents and crews are named after the method: `order-desk._execute_core`, `order-crew.kickoff`. */
function nameOf(spanName: string): string | undefined {
  return /^(.+)\.(?:_execute_core|execute_task|kickoff(?:_async)?)$/s.exec(spanName)?.[1]
}

function isCrew(scope: string): boolean {
  return scope.includes('instrumentation.crewai') || scope.includes('instrumentation-crewai')
}

function readCrew(reader: AttributeReader): string | undefined {
  for (const key of [
    'crew_key',
    'crew_id',
    'crew_agents',
    'crew_tasks',
    'crew_inputs',
    'task_key',
    'task_id',
    'task_name',
    'flow_id',
  ])
    reader.value(key)
  reader.under('crewai.crew.')
  reader.under('crewai.task.')
  const role = reader.text('agent_role', 'crewai.agent.role')
  reader.under('crewai.agent.')
  return role?.trim()
}
