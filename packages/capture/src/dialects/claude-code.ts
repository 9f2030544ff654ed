import { field, textField } from '../decode/any-value.ts'
import type { AnyValue } from '../decode/any-value.ts'
import type { LogRecord, SpanRecord } from '../decode/records.ts'
import { held, NO_FIELD, OMITTED } from './act.ts'
import type { Act, Held } from './act.ts'
import type { AttributeReader } from './attribute-reader.ts'
import type { Dialect, Reading } from './dialect.ts'
import { errorOf } from './genai.ts'

/**
 * Claude Code and the Claude Agent SDK: log events `claude_code.*`, and the beta spans of the same name. Where both are
 * on, an event stands inside the span that tells the same act; then the event adds only what the span does not say.
 */
export const claudeCode: Dialect = {
  name: 'claude-code',
  recognises: ({ record, scope }) =>
    scope.name.startsWith('com.anthropic.claude_code') ||
    (record.kind === 'span' ? record.name.startsWith(PREFIX) : eventName(record) !== undefined),
  read: ({ record }, reader) => {
    for (const key of NO_MEANING) reader.value(key)
    return record.kind === 'span' ? readSpan(record, reader) : readEvent(record, reader)
  },
}

const PREFIX = 'claude_code.'

/** What the library repeats on every record, and timings. */
const NO_MEANING = [
  'service.version',
  'service.name',
  'deployment.environment.name',
  'host.name',
  'host.arch',
  'os.type',
  'os.version',
  'app.version',
  'anthropic.provider',
  'anthropic.custom_base_url',
  'terminal.type',
  'span.type',
  'event.name',
  'prompt.id',
  'message.uuid',
  'organization.id',
  'user.account_uuid',
  'user.account_id',
  'duration_ms',
  'ttft_ms',
  'first_content_ms',
  'speed',
  'effort',
  'attempt',
  'query_source',
  'query_source_safe',
  'llm_request.context',
  'success',
  'queued_sends',
  'interaction.sequence',
  'interaction.duration_ms',
  'parent.source',
  'permission_mode',
  'cost_usd',
  'cost_usd_micros',
  'cache_creation_5m_tokens',
  'cache_creation_1h_tokens',
  'tool_name_safe',
  'tool_input_size_bytes',
  'tool_result_size_bytes',
  'prompt_length',
  'user_prompt_length',
  'response_length',
  'gen_ai.operation.name',
  'tool_source',
  'gen_ai.provider.name',
  'mcp_tool.name',
  'mcp_server.name',
  'anthropic.mcp.server.name',
  'mcp_server_scope',
  'request_id',
  'parent_agent_id',
] as const

function readSpan(record: SpanRecord, reader: AttributeReader): Reading {
  const error = errorOf(record, reader)
  const member = memberOf(reader)
  switch (record.name.slice(PREFIX.length)) {
    case 'interaction': {
      const input = captured(reader, 'user_prompt')
      return {
        acts: [
          {
            kind: 'invocation',
            operation: 'invoke_agent',
            name: member.member ?? 'claude-code',
            input,
            output: NO_FIELD,
            ...failed(error),
          },
        ],
        ...member,
      }
    }
    case 'llm_request':
      return { acts: [readCall(reader, error)], ...member }
    case 'tool':
      return { acts: [readToolSpan(record, reader, error)], ...member }
    case 'tool.blocked_on_user':
      return { acts: [readDecision(reader)], ...member }
  }
  for (const key of ['tool_use_id', 'gen_ai.tool.call.id', 'gen_ai.provider.name']) reader.value(key)
  return { acts: [], ...member }
}

function readEvent(record: LogRecord, reader: AttributeReader): Reading {
  const name = eventName(record) ?? ''
  const member = memberOf(reader)
  const isInsideSpan = record.span !== undefined
  const said = (side: 'input' | 'output', text: Held): Act => ({
    kind: 'said',
    side,
    messages:
      'value' in text && typeof text.value === 'string'
        ? [{ role: side === 'input' ? 'user' : 'assistant', parts: [{ kind: 'text', text: text.value }] }]
        : 'instrumentation-omits',
  })
  switch (name) {
    case 'user_prompt':
      return { acts: [said('input', captured(reader, 'prompt', 'prompt_text'))], ...member }
    case 'assistant_response':
      reader.value('model')
      return { acts: [said('output', captured(reader, 'response'))], ...member }
    case 'api_request':
    case 'api_error': {
      const call = readCall(reader, reader.text('error', 'error.type'))
      // Inside a span, the span `claude_code.llm_request` is the call.
      return { acts: isInsideSpan ? [] : [{ ...call, input: [], output: [] }], ...member, stepName: PREFIX + name }
    }
    case 'tool_result':
      return { acts: [readToolEvent(reader)], ...member }
    case 'tool_decision':
      return { acts: [readDecision(reader)], ...member }
  }
  return { acts: [], ...member, stepName: name === '' ? 'log record' : PREFIX + name }
}

function readCall(reader: AttributeReader, error: string | undefined): Extract<Act, { readonly kind: 'inference' }> {
  const model = reader.text('gen_ai.request.model', 'model')
  const responseModel = reader.text('gen_ai.response.model')
  const responseId = reader.text('gen_ai.response.id')
  const inputTokens = reader.number('input_tokens', 'gen_ai.usage.input_tokens')
  const outputTokens = reader.number('output_tokens', 'gen_ai.usage.output_tokens')
  const cacheReadTokens = reader.number('cache_read_tokens', 'gen_ai.usage.cache_read.input_tokens')
  const cacheWriteTokens = reader.number('cache_creation_tokens', 'gen_ai.usage.cache_creation.input_tokens')
  return {
    kind: 'inference',
    operation: 'chat',
    provider: reader.text('gen_ai.provider.name', 'gen_ai.system') ?? 'anthropic',
    ...(model === undefined ? {} : { requestModel: model }),
    ...(responseModel === undefined ? {} : { responseModel }),
    ...(responseId === undefined ? {} : { responseId }),
    finishReasons: reader.texts('gen_ai.response.finish_reasons', 'stop_reason'),
    usage: {
      ...(inputTokens === undefined ? {} : { inputTokens }),
      ...(outputTokens === undefined ? {} : { outputTokens }),
      ...(cacheReadTokens === undefined ? {} : { cacheReadTokens }),
      ...(cacheWriteTokens === undefined ? {} : { cacheWriteTokens }),
    },
    ...failed(error),
    input: 'instrumentation-omits',
    output: 'instrumentation-omits',
  }
}

function readToolSpan(record: SpanRecord, reader: AttributeReader, error: string | undefined): Act {
  const callId = reader.text('gen_ai.tool.call.id', 'tool_use_id')
  const output = record.events.find((event) => event.name === 'tool.output')?.attributes
  const input = record.events.find((event) => event.name === 'tool.input')?.attributes
  reader.value('gen_ai.provider.name')
  return {
    kind: 'tool',
    name: reader.text('gen_ai.tool.name', 'tool_name') ?? 'unknown',
    ...(callId === undefined ? {} : { callId }),
    ...serverOf(reader.text('tool_name'), reader.text('mcp_server.name', 'anthropic.mcp.server.name')),
    arguments: fromEvent(
      input?.get('input') ?? output?.get('input'),
      reader.held(['tool_input', 'gen_ai.tool.call.arguments']),
    ),
    result: fromEvent(output?.get('output') ?? output?.get('content'), reader.held(['gen_ai.tool.call.result'])),
    ...failed(error),
  }
}

/** The event has the arguments, where details are on, and only the size of the result. */
function readToolEvent(reader: AttributeReader): Act {
  const details = reader.json('tool_parameters')
  const callId = reader.text('tool_use_id')
  const server = textField(details, 'mcp_server_name')
  const success = reader.text('success')
  const error = reader.text('error', 'error.type')
  const input = reader.held(['tool_input'])
  // Built-in tools have no `tool_input`: their parameters are the details themselves.
  const own = field(details, 'mcp_tool_name') === undefined ? held(details, OMITTED) : OMITTED
  return {
    kind: 'tool',
    name: textField(details, 'mcp_tool_name') ?? reader.text('tool_name') ?? 'unknown',
    ...(callId === undefined ? {} : { callId }),
    ...(server === undefined ? {} : { server }),
    arguments: 'value' in input ? input : own,
    result: NO_FIELD,
    ...failed(error ?? (success === 'false' ? 'error' : undefined)),
  }
}

/** Who let a tool run: configuration, a hook, or a person. */
function readDecision(reader: AttributeReader): Act {
  const details = reader.json('tool_parameters')
  const source = reader.text('source')
  const target = textField(details, 'mcp_tool_name') ?? reader.text('tool_name') ?? reader.text('tool_use_id')
  reader.value('tool_use_id')
  return {
    kind: 'guardrail',
    name: 'permission',
    verdict: reader.text('decision') ?? 'unknown',
    ...(target === undefined ? {} : { target }),
    detail: source === undefined ? NO_FIELD : { value: `decided by ${source}` },
  }
}

function memberOf(reader: AttributeReader): { readonly member?: string } {
  const member = reader.text('agent_type', 'agent.name', 'gen_ai.agent.name', 'agent_id')
  return member === undefined ? {} : { member }
}

/** `claude_code.user_prompt` as the body or the event name, or `user_prompt` as `event.name`. */
function eventName(record: LogRecord): string | undefined {
  const body = typeof record.body === 'string' && record.body.startsWith(PREFIX) ? record.body : undefined
  const name = body ?? record.eventName
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : undefined
}

/** With the switch off, the library sends `<REDACTED>` in place of the text. */
function captured(reader: AttributeReader, ...keys: readonly string[]): Held {
  const text = reader.text(...keys)
  return text === undefined || text === '<REDACTED>' ? OMITTED : { value: text }
}

/** `mcp__<server>__<tool>`, where no attribute names the server. */
function serverOf(toolName: string | undefined, stated: string | undefined): { readonly server?: string } {
  const server = stated ?? /^mcp__(.+?)__/.exec(toolName ?? '')?.[1]
  return server === undefined ? {} : { server }
}

function fromEvent(value: AnyValue | undefined, otherwise: Held): Held {
  return typeof value === 'string' ? { value } : otherwise
}

function failed(error: string | undefined): { readonly error?: string } {
  return error === undefined ? {} : { error }
}
