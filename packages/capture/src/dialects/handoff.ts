import { OMITTED, NO_FIELD } from './act.ts'
import type { Act } from './act.ts'
import type { AttributeReader } from './attribute-reader.ts'

/** Work handed to another agent: `gen_ai.handoff.*` (Traceloop, OpenAI Agents) and the A2A attributes. */
export function readHandoff(reader: AttributeReader): readonly Act[] {
  const acts: Act[] = []
  const to = reader.text('gen_ai.handoff.to_agent')
  const from = reader.text('gen_ai.handoff.from_agent')
  if (to !== undefined)
    acts.push({
      kind: 'delegation',
      mechanism: 'handoff',
      ...(from === undefined ? {} : { from }),
      to,
      payload: NO_FIELD,
    })
  const method = reader.text('a2a.method.name', 'a2a.method')
  if (method !== undefined && A2A_SENDING.has(method)) {
    const delegationId = reader.text('a2a.task.id', 'a2a.message.id', 'a2a.context.id')
    reader.value('a2a.task.state')
    reader.value('a2a.protocol.version')
    acts.push({
      kind: 'delegation',
      mechanism: 'a2a',
      ...(delegationId === undefined ? {} : { delegationId }),
      to: reader.text('a2a.agent.name', 'gen_ai.agent.name', 'server.address') ?? method,
      payload: reader.held(['a2a.message', 'a2a.message.parts', 'a2a.request'], OMITTED),
    })
  }
  return acts
}

/** A2A 1.0 and 0.3 names of the methods that give work away; the others only ask about it. */
const A2A_SENDING: ReadonlySet<string> = new Set([
  'SendMessage',
  'SendStreamingMessage',
  'message/send',
  'message/stream',
  'tasks/send',
])

/** Guardrail spans as proposed upstream and as Traceloop and the OpenAI Agents SDK already send them. */
export function readGuardrail(reader: AttributeReader): readonly Act[] {
  const verdict = reader.text('gen_ai.guardrail.verdict.type', 'gen_ai.guardrail.verdict', 'gen_ai.guardrail.status')
  const name = reader.text(
    'gen_ai.guardrail.name',
    'gen_ai.guardrail.id',
    'gen_ai.guardrail.security.policy.id',
    'aws.bedrock.guardrail.id',
  )
  const triggered = reader.value('gen_ai.guardrail.triggered', 'openai_agents.guardrail.triggered')
  if (verdict === undefined && triggered === undefined) return []
  const target = reader.text('gen_ai.guardrail.target.type', 'gen_ai.guardrail.target.id')
  return [
    {
      kind: 'guardrail',
      name: name ?? 'guardrail',
      verdict: verdict ?? (triggered === true ? 'deny' : 'allow'),
      ...(target === undefined ? {} : { target }),
      detail: reader.held(
        ['gen_ai.guardrail.explanation', 'gen_ai.guardrail.security.risk.category', 'gen_ai.guardrail.output'],
        NO_FIELD,
      ),
    },
  ]
}
