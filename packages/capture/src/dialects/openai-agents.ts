import { NO_FIELD, OMITTED } from './act.ts'
import type { Act } from './act.ts'
import type { Dialect } from './dialect.ts'
import { readGenAiSpan } from './otel-genai.ts'

/** OpenAI Agents JS as our tracing processor tells it: GenAI names, and `openai_agents.*` for what those lack. */
export const openAiAgents: Dialect = {
  name: 'openai-agents',
  recognises: ({ record, scope }) =>
    scope.name === 'openai-agents' || record.attributes.has('openai_agents.span_data.type'),
  read: ({ record }, reader) => {
    if (record.kind !== 'span') return { acts: [] }
    const type = reader.text('openai_agents.span_data.type')
    const name = reader.text('gen_ai.guardrail.name')
    const triggered = reader.value('openai_agents.guardrail.triggered')
    const listed = reader.texts('openai_agents.mcp_tools.result')
    reader.under('openai_agents.')
    if (type === 'mcp_tools') {
      reader.value('mcp.method.name')
      const server = reader.text('mcp.server.name')
      const definitions = listed.map((tool) => ({
        name: tool,
        description: NO_FIELD,
        parameters: NO_FIELD,
        ...(server === undefined ? {} : { server }),
      }))
      return { acts: definitions.length === 0 ? [] : [{ kind: 'definitions', definitions }] }
    }
    if (type === 'guardrail') {
      const verdict = triggered === true ? 'deny' : 'allow'
      const act: Act = { kind: 'guardrail', name: name ?? record.name, verdict, detail: NO_FIELD }
      return { acts: [act] }
    }
    // Agents of this library have no input and output of their own; their model calls have.
    const fields = type === 'agent' ? ({ input: 'dialect-has-no-field', output: 'dialect-has-no-field' } as const) : {}
    const reading = readGenAiSpan(record, reader, fields)
    return { ...reading, acts: reading.acts.map(withoutBlanks) }
  },
}

/**
 * With sensitive data off, the library empties the arguments and the result. Real arguments are never empty: a call
 * without any has `{}`.
 */
function withoutBlanks(act: Act): Act {
  if (act.kind !== 'tool' || act.arguments === undefined || !('value' in act.arguments) || act.arguments.value !== '')
    return act
  const isBlank = act.result !== undefined && 'value' in act.result && act.result.value === ''
  return { ...act, arguments: OMITTED, ...(isBlank ? { result: OMITTED } : {}) }
}
