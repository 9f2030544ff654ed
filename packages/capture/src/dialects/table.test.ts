import { describe, expect, test } from 'vitest'
import { normalise } from '../normalise.ts'
import { logEntry, spanEntry } from './testing/entries.ts'
import type { TestSpan } from './testing/entries.ts'

/* Cells of the dialect table that no recording covers. */

const STORY_CALL = [
  { kind: 'prompt', role: 'user', content: { text: 'Where is it?' } },
  { kind: 'model-call', requestModel: 'm', usage: { inputTokens: 5, outputTokens: 2 } },
  { kind: 'model-output', part: 'tool-request', toolName: 'lookup', callId: 'c1', content: { text: '{"id":1}' } },
]

const SPANS: readonly (readonly [dialect: string, what: string, span: TestSpan, expected: readonly object[]])[] = [
  [
    'openllmetry',
    'indexed prompts of old versions',
    {
      name: 'openai.chat',
      attributes: {
        'llm.request.type': 'chat',
        'gen_ai.request.model': 'm',
        'gen_ai.prompt.0.role': 'user',
        'gen_ai.prompt.0.content': 'Where is it?',
        'gen_ai.completion.0.role': 'assistant',
        'gen_ai.completion.0.tool_calls.0.id': 'c1',
        'gen_ai.completion.0.tool_calls.0.name': 'lookup',
        'gen_ai.completion.0.tool_calls.0.arguments': '{"id":1}',
        'gen_ai.usage.prompt_tokens': 5,
        'gen_ai.usage.completion_tokens': 2,
      },
    },
    STORY_CALL,
  ],
  [
    'openllmetry',
    'a vector query with documents in events',
    {
      name: 'query',
      attributes: { 'traceloop.workflow.name': 'w', 'db.system': 'chroma', 'db.vector.query.top_k': 1 },
      events: [
        { name: 'db.query.result', attributes: { 'db.query.result.id': 'd1', 'db.query.result.document': 'Text' } },
      ],
    },
    [{ kind: 'context-item', dataSource: 'chroma', origin: 'd1', content: { text: 'Text' } }],
  ],
  [
    'openinference',
    'several contents of one message',
    {
      name: 'llm',
      attributes: {
        'openinference.span.kind': 'LLM',
        'llm.model_name': 'm',
        'llm.input_messages.0.message.role': 'user',
        'llm.input_messages.0.message.contents.0.message_content.type': 'text',
        'llm.input_messages.0.message.contents.0.message_content.text': 'Where is it?',
        'llm.output_messages.0.message.role': 'assistant',
        'llm.output_messages.0.message.tool_calls.0.tool_call.id': 'c1',
        'llm.output_messages.0.message.tool_calls.0.tool_call.function.name': 'lookup',
        'llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments': '{"id":1}',
        'llm.token_count.prompt': 5,
        'llm.token_count.completion': 2,
      },
    },
    STORY_CALL,
  ],
  [
    'openinference',
    'a prompt template with its version',
    {
      name: 'p',
      attributes: {
        'openinference.span.kind': 'PROMPT',
        'llm.prompt_template.template': 'Hi {x}',
        'llm.prompt_template.version': '4',
      },
    },
    [{ kind: 'context-item', dataSource: 'prompt-template', version: '4', content: { text: 'Hi {x}' } }],
  ],
  [
    'ai-sdk-legacy',
    'a streamed call',
    {
      name: 'ai.streamText.doStream',
      scope: 'ai',
      attributes: {
        'ai.operationId': 'ai.streamText.doStream',
        'ai.model.id': 'm',
        'ai.prompt.messages': JSON.stringify([{ role: 'user', content: [{ type: 'text', text: 'Where is it?' }] }]),
        'ai.response.toolCalls': JSON.stringify([{ toolCallId: 'c1', toolName: 'lookup', args: { id: 1 } }]),
        'ai.usage.promptTokens': 5,
        'ai.usage.completionTokens': 2,
      },
    },
    STORY_CALL,
  ],
  [
    'ai-sdk-legacy',
    'an embedding answers with numbers, so no output is missing',
    {
      name: 'ai.embed.doEmbed',
      scope: 'ai',
      attributes: { 'ai.operationId': 'ai.embed.doEmbed', 'ai.model.id': 'e', 'ai.values': ['"hello"'] },
    },
    [
      { kind: 'prompt', content: { text: 'hello' } },
      { kind: 'model-call', operation: 'embeddings' },
    ],
  ],
  [
    'langsmith',
    'an Anthropic body with blocks',
    {
      name: 'ChatAnthropic',
      attributes: {
        'langsmith.span.kind': 'llm',
        'gen_ai.request.model': 'm',
        'gen_ai.prompt': JSON.stringify({ messages: [{ role: 'user', content: 'Where is it?' }] }),
        'gen_ai.completion': JSON.stringify({
          role: 'assistant',
          content: [{ type: 'tool_use', id: 'c1', name: 'lookup', input: { id: 1 } }],
        }),
        'gen_ai.usage.input_tokens': 5,
        'gen_ai.usage.output_tokens': 2,
      },
    },
    STORY_CALL,
  ],
  [
    'mlflow',
    'a retriever',
    {
      name: 'kb',
      attributes: {
        'mlflow.spanType': '"RETRIEVER"',
        'mlflow.spanInputs': '{"query":"where"}',
        'mlflow.spanOutputs': JSON.stringify([{ page_content: 'Text', metadata: { doc_uri: 'kb/1' } }]),
      },
    },
    [{ kind: 'context-item', origin: 'kb/1', uri: 'kb/1', query: { text: 'where' }, content: { text: 'Text' } }],
  ],
  [
    'adk',
    'the text {} means not captured',
    {
      name: 'call_llm',
      scope: 'gcp.vertex.agent',
      attributes: {
        'gen_ai.request.model': 'm',
        'gcp.vertex.agent.llm_request': '{}',
        'gcp.vertex.agent.llm_response': '{}',
      },
    },
    [
      { kind: 'prompt', content: { state: 'not-captured' } },
      { kind: 'model-call', requestModel: 'm' },
      { kind: 'model-output', content: { state: 'not-captured' } },
    ],
  ],
  [
    'strands',
    'memory spans',
    { name: 'memory.search', scope: 'strands', attributes: { 'memory.query': 'vip', 'memory.results': '["VIP"]' } },
    [{ kind: 'memory', operation: 'read', content: { text: '["VIP"]' } }],
  ],
  [
    'openai-agents',
    'a guardrail that was tripped',
    {
      name: 'guardrail pii',
      scope: 'openai-agents',
      attributes: {
        'openai_agents.span_data.type': 'guardrail',
        'gen_ai.guardrail.name': 'pii',
        'openai_agents.guardrail.triggered': true,
      },
    },
    [{ kind: 'guardrail', name: 'pii', verdict: 'deny' }],
  ],
  [
    'openai-agents',
    'the tools that an MCP server listed',
    {
      name: 'mcp_tools',
      scope: 'openai-agents',
      attributes: {
        'openai_agents.span_data.type': 'mcp_tools',
        'mcp.method.name': 'tools/list',
        'mcp.server.name': 'files',
        'openai_agents.mcp_tools.result': ['read', 'write'],
      },
    },
    [
      { kind: 'tool-definition', toolName: 'read', server: 'files' },
      { kind: 'tool-definition', toolName: 'write', server: 'files' },
    ],
  ],
  [
    'agentcore-adot',
    'the runtime wraps the vocabulary of the library',
    {
      name: 'execute_tool t',
      attributes: {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 't',
        'gen_ai.tool.call.arguments': '{}',
        'aws.bedrock.agentcore.gateway.arn': 'arn:aws:x',
      },
    },
    [{ kind: 'tool-call', toolName: 't', arguments: { text: '{}' } }, { kind: 'tool-result' }],
  ],
  [
    'ms-agent-framework',
    'Agent 365 names the user',
    {
      name: 'invoke_agent a',
      attributes: {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.agent.name': 'a',
        'microsoft.agent.user.id': 'u1',
        'microsoft.session.id': 's1',
      },
    },
    [
      { kind: 'invocation', name: 'a' },
      { kind: 'identity', principal: 'u1', statedBy: 'microsoft.agent.user.id' },
    ],
  ],
]

test.each(SPANS)('%s: %s', (dialect, _what, span, expected) => {
  const result = normalise(spanEntry(span))
  expect(result.dialect).toBe(dialect)
  expect(result.events.map((event) => event.body)).toMatchObject(expected)
  expect(result.unmapped).toEqual([])
})

describe('Claude Code without spans', () => {
  const event = (name: string, attributes: object): ReturnType<typeof normalise> =>
    normalise(
      logEntry({
        body: `claude_code.${name}`,
        attributes: { 'event.name': name, 'session.id': 's1', ...attributes },
        scope: 'com.anthropic.claude_code.events',
        trace: false,
      }),
    )

  test('a request event is the model call, without messages that it never has', () => {
    expect(
      event('api_request', { model: 'm', input_tokens: 5, output_tokens: 2 }).events.map(({ body }) => body),
    ).toMatchObject([
      { kind: 'model-call', requestModel: 'm', provider: 'anthropic', usage: { inputTokens: 5, outputTokens: 2 } },
    ])
  })

  test('a redacted prompt is not captured', () => {
    expect(
      event('user_prompt', { prompt: '<REDACTED>', prompt_length: 8 }).events.map(({ body }) => body),
    ).toMatchObject([
      { kind: 'prompt', role: 'user', content: { state: 'not-captured', reason: 'instrumentation-omits' } },
    ])
  })

  test('a built-in tool tells its arguments as its parameters', () => {
    const attributes = {
      tool_name: 'Bash',
      tool_use_id: 'c1',
      success: 'false',
      tool_parameters: '{"bash_command":"ls"}',
    }
    expect(event('tool_result', attributes).events.map(({ body }) => body)).toMatchObject([
      { kind: 'tool-call', toolName: 'Bash', callId: 'c1', arguments: { text: '{"bash_command":"ls"}' } },
      { kind: 'tool-result', error: 'error', result: { state: 'not-captured', reason: 'dialect-has-no-field' } },
    ])
  })

  test('who decided that a tool may run is a guardrail', () => {
    expect(
      event('tool_decision', { tool_name: 'Bash', decision: 'reject', source: 'user_reject' }).events.map(
        ({ body }) => body,
      ),
    ).toMatchObject([
      {
        kind: 'guardrail',
        name: 'permission',
        verdict: 'reject',
        target: 'Bash',
        detail: { text: 'decided by user_reject' },
      },
    ])
  })
})
