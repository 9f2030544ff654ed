import type { AttributeValue } from '../otlp/span.ts'
import { isRecord, jsonText, listOf, textOf } from './json.ts'
import type { JsonRecord } from './json.ts'
import { toMessages, toOutputMessages } from './messages.ts'

/** Name, kind and attributes of a span, read from its live data when it has ended. */
export type Described = {
  readonly name: string
  readonly kind: 'internal' | 'client'
  readonly attributes: readonly (readonly [key: string, value: AttributeValue | undefined])[]
}

/**
 * Tells a span of the library in the names of OpenTelemetry GenAI, and what those have no name for under
 * `openai_agents.*`. `callId` finds the id of the call that a function span answers; the library does not keep it there.
 */
export function describeSpan(data: JsonRecord, callId: (name: string, input: string) => string | undefined): Described {
  const described = describe(data, callId)
  return { ...described, attributes: [['openai_agents.span_data.type', textOf(data, 'type')], ...described.attributes] }
}

function describe(data: JsonRecord, callId: (name: string, input: string) => string | undefined): Described {
  const name = textOf(data, 'name') ?? ''
  switch (data['type']) {
    case 'agent':
      return describeAgent(data, name)
    case 'response':
      return describeResponse(data)
    case 'generation':
      return describeGeneration(data)
    case 'function':
      return describeFunction(data, name, callId)
    case 'handoff':
      return describeHandoff(data)
    case 'guardrail':
      return internal(`guardrail ${name}`, [
        ['gen_ai.guardrail.name', name],
        ['openai_agents.guardrail.triggered', data['triggered'] === true],
      ])
    case 'mcp_tools':
      return describeMcpTools(data)
    case 'turn':
      return internal(`turn ${String(data['turn'])}`, [
        ['gen_ai.agent.name', textOf(data, 'agent_name')],
        ['openai_agents.turn', numberOf(data['turn'])],
        ['openai_agents.usage', jsonText(data['usage'])],
      ])
    case 'task':
      return internal(`task ${name}`, [
        ['openai_agents.task.name', name],
        ['openai_agents.usage', jsonText(data['usage'])],
      ])
    case 'custom':
      return internal(name, [
        ['openai_agents.custom.name', name],
        ['openai_agents.custom.data', jsonText(data['data'])],
      ])
  }
  return internal(textOf(data, 'type') ?? 'span', [['openai_agents.span_data', jsonText(data)]])
}

function describeAgent(data: JsonRecord, name: string): Described {
  return internal(`invoke_agent ${name}`, [
    ['gen_ai.operation.name', 'invoke_agent'],
    ['gen_ai.agent.name', name],
    ['openai_agents.agent.tools', texts(data['tools'])],
    ['openai_agents.agent.handoffs', texts(data['handoffs'])],
    ['openai_agents.agent.output_type', textOf(data, 'output_type')],
  ])
}

/** A call of the Responses API. Input and output are private fields, present unless the author turned them off. */
function describeResponse(data: JsonRecord): Described {
  const response = isRecord(data['_response']) ? data['_response'] : {}
  const model = textOf(response, 'model')
  const instructions = textOf(response, 'instructions')
  const stoppedBy = textOf(response['incomplete_details'], 'reason') === 'max_output_tokens' ? 'length' : undefined
  const output = 'output' in response ? toOutputMessages(response['output'], stoppedBy) : undefined
  return {
    name: ['chat', model].filter((part) => part !== undefined).join(' '),
    kind: 'client',
    attributes: [
      ['gen_ai.operation.name', 'chat'],
      ['gen_ai.provider.name', 'openai'],
      ['gen_ai.request.model', model],
      ['gen_ai.response.model', model],
      ['gen_ai.response.id', textOf(data, 'response_id') ?? textOf(response, 'id')],
      ['gen_ai.response.finish_reasons', finishReasons(output)],
      ['gen_ai.system_instructions', jsonText(instructions && [{ type: 'text', content: instructions }])],
      ['gen_ai.input.messages', '_input' in data ? jsonText(toMessages(data['_input'])) : undefined],
      ['gen_ai.output.messages', jsonText(output)],
      ['gen_ai.tool.definitions', definitions(response['tools'])],
      ...usage(response['usage']),
    ],
  }
}

/** A call of Chat Completions, or of a model that the author plugged in. */
function describeGeneration(data: JsonRecord): Described {
  const [completion] = listOf(data['output'])
  const choices = isRecord(completion) && 'choices' in completion ? listOf(completion['choices']) : undefined
  const reason = textOf(choices?.[0], 'finish_reason')
  const answer = choices?.map((choice) => (isRecord(choice) ? choice['message'] : undefined)) ?? data['output']
  const output =
    data['output'] === undefined ? undefined : toOutputMessages(answer, reason === 'tool_calls' ? 'tool_call' : reason)
  const model = textOf(data, 'model')
  return {
    name: ['chat', model].filter((part) => part !== undefined).join(' '),
    kind: 'client',
    attributes: [
      ['gen_ai.operation.name', 'chat'],
      ['gen_ai.request.model', model],
      ['gen_ai.response.model', textOf(completion, 'model')],
      ['gen_ai.response.id', textOf(completion, 'id')],
      ['gen_ai.response.finish_reasons', finishReasons(output)],
      ['gen_ai.input.messages', data['input'] === undefined ? undefined : jsonText(toMessages(data['input']))],
      ['gen_ai.output.messages', jsonText(output)],
      ['openai_agents.generation.model_config', jsonText(data['model_config'])],
      ...usage(data['usage'] ?? (isRecord(completion) ? completion['usage'] : undefined)),
    ],
  }
}

function describeFunction(
  data: JsonRecord,
  name: string,
  callId: (name: string, input: string) => string | undefined,
): Described {
  const input = textOf(data, 'input')
  return internal(`execute_tool ${name}`, [
    ['gen_ai.operation.name', 'execute_tool'],
    ['gen_ai.tool.name', name],
    ['gen_ai.tool.type', 'function'],
    ['gen_ai.tool.call.id', callId(name, input ?? '')],
    ['gen_ai.tool.call.arguments', input],
    ['gen_ai.tool.call.result', textOf(data, 'output')],
    ['openai_agents.function.mcp_data', textOf(data, 'mcp_data')],
  ])
}

function describeHandoff(data: JsonRecord): Described {
  const from = textOf(data, 'from_agent')
  const to = textOf(data, 'to_agent')
  return internal(`handoff ${from ?? '?'} to ${to ?? '?'}`, [
    ['gen_ai.handoff.from_agent', from],
    ['gen_ai.handoff.to_agent', to],
  ])
}

function describeMcpTools(data: JsonRecord): Described {
  return internal('tools/list', [
    ['mcp.method.name', 'tools/list'],
    ['mcp.server.name', textOf(data, 'server')],
    ['openai_agents.mcp_tools.result', texts(data['result'])],
  ])
}

function usage(value: unknown): Described['attributes'] {
  const counts = isRecord(value) ? value : {}
  const details = counts['input_tokens_details'] ?? counts['prompt_tokens_details']
  return [
    ['gen_ai.usage.input_tokens', numberOf(counts['input_tokens'] ?? counts['prompt_tokens'])],
    ['gen_ai.usage.output_tokens', numberOf(counts['output_tokens'] ?? counts['completion_tokens'])],
    ['gen_ai.usage.cache_read.input_tokens', isRecord(details) ? numberOf(details['cached_tokens']) : undefined],
  ]
}

/** Tools as they were offered to the model; hosted tools have no parameters and keep their own shape. */
function definitions(tools: unknown): string | undefined {
  const list = listOf(tools)
  return list.length === 0 ? undefined : jsonText(list)
}

function finishReasons(output: ReturnType<typeof toOutputMessages> | undefined): readonly string[] | undefined {
  const reason = output?.[0]?.finish_reason
  return reason === undefined ? undefined : [reason]
}

function internal(name: string, attributes: Described['attributes']): Described {
  return { name, kind: 'internal', attributes }
}

function texts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
