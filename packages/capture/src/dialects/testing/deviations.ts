import type { Story } from './story.ts'

/**
 * Where a library itself tells the order-desk story differently, or leaves a part of it out. `says` replaces that part of
 * the expected story; everything not named here must be equal.
 */
export type Deviation = { readonly because: string; readonly says: Partial<Omit<Story, 'documents'>> }

const NO_DEFINITIONS: Deviation = { because: 'tool definitions are not sent', says: { definitions: [] } }
const NO_CONTENT = {
  prompts: [],
  outputs: [],
  tools: [{ name: 'lookup_order', arguments: undefined, result: undefined }],
}
const CONTEXT_IN_SYSTEM_TEXT: Deviation = {
  because: 'the recorded program puts the retrieved document into the system text',
  says: {
    prompts: [
      { role: 'assistant', says: [{ type: 'tool_call', name: 'lookup_order', arguments: { order_id: '4711' } }] },
      {
        role: 'system',
        says: 'You are the order desk. Answer in one sentence.\nContext: DHL parcels arrive in 3 days.',
      },
      { role: 'tool', says: { status: 'shipped', carrier: 'DHL', eta: '2026-11-24' } },
      { role: 'user', says: 'Where is order 4711?' },
    ],
  },
}
const LANGCHAIN_ARGUMENTS: Deviation = {
  because: 'the LangChain callback hands a one-argument tool its bare value, so the tool span has no name for it',
  says: {
    tools: [
      { name: 'lookup_order', arguments: '4711', result: { status: 'shipped', carrier: 'DHL', eta: '2026-11-24' } },
    ],
  },
}

/** By the folder of the recording. */
export const DEVIATIONS: ReadonlyMap<string, readonly Deviation[]> = new Map([
  [
    'adk',
    [
      adkNames(),
      systemTextOf(
        'You are an agent. Your internal name is "order_desk".\n\nYou are the order desk. Answer in one sentence.',
      ),
    ],
  ],
  ['adk/content-off', [adkNames(), NO_DEFINITIONS, { because: 'content is off', says: NO_CONTENT }]],
  ['agentcore-adot', [NO_DEFINITIONS]],
  ['agentcore-adot/events', [NO_DEFINITIONS]],
  [
    'claude-code',
    [
      claudeCode(),
      {
        because: 'a call of the model is told without its messages; only what the person said and was answered is',
        says: {
          prompts: [{ role: 'user', says: 'Where is order 4711?' }],
          outputs: [{ part: 'text', says: 'Order 4711 was shipped with DHL and arrives on 2026-11-24.' }],
        },
      },
    ],
  ],
  ['claude-code/content-off', [claudeCode(), { because: 'content is off', says: NO_CONTENT }]],
  [
    'crewai',
    [
      { because: 'the crew is an agent of its own', says: { agents: ['order-crew', 'order-desk'] } },
      {
        because: 'the framework writes the prompts around what the author gave',
        says: {
          prompts: [
            { role: 'assistant', says: [{ type: 'tool_call', name: 'lookup_order', arguments: { order_id: '4711' } }] },
            {
              role: 'system',
              says: 'You are order-desk. You are the order desk. Answer in one sentence.\nYour personal goal is: Answer questions about orders.',
            },
            { role: 'tool', says: { status: 'shipped', carrier: 'DHL', eta: '2026-11-24' } },
            {
              role: 'user',
              says: '\nCurrent Task: Where is order 4711?\n\nThis is the expected criteria for your final answer: One sentence.\nyou MUST return the actual complete content as the final answer, not a summary.',
            },
          ],
        },
      },
    ],
  ],
  ['langsmith/retrieval', [CONTEXT_IN_SYSTEM_TEXT]],
  [
    'mastra',
    [
      {
        because: 'a step names the earlier tool call and its result in its input, without their content',
        says: {
          prompts: [
            { role: 'assistant', says: '[tool: lookup_order]' },
            { role: 'system', says: 'You are the order desk. Answer in one sentence.' },
            { role: 'tool', says: '[tool-result: lookup_order]' },
            { role: 'user', says: 'Where is order 4711?' },
          ],
        },
      },
    ],
  ],
  [
    'mlflow',
    [
      {
        because: 'the session stands in the metadata of the trace, which is not exported on spans',
        says: { conversations: [] },
      },
    ],
  ],
  [
    'mlflow/retrieval',
    [
      CONTEXT_IN_SYSTEM_TEXT,
      {
        because: 'the session stands in the metadata of the trace, which is not exported on spans',
        says: { conversations: [] },
      },
    ],
  ],
  [
    'ms-agent-framework',
    [{ because: 'a conversation is named only where the service keeps it', says: { conversations: [] } }],
  ],
  [
    'ms-agent-framework/content-off',
    [
      { because: 'a conversation is named only where the service keeps it', says: { conversations: [] } },
      { because: 'content is off', says: NO_CONTENT },
    ],
  ],
  ['openinference', [LANGCHAIN_ARGUMENTS]],
  ['openinference/retrieval', [LANGCHAIN_ARGUMENTS, CONTEXT_IN_SYSTEM_TEXT]],
  ['openai-agents/chat-completions', [NO_DEFINITIONS]],
  [
    'openai-agents/content-off',
    [
      NO_DEFINITIONS,
      { because: 'content is off', says: NO_CONTENT },
      {
        because: 'model and usage are told by the response, which counts as content',
        says: {
          modelCalls: [
            { model: null, usage: false },
            { model: null, usage: false },
          ],
        },
      },
    ],
  ],
  ['openai-agents/retrieval', [CONTEXT_IN_SYSTEM_TEXT]],
  ['otel-genai', [NO_DEFINITIONS]],
  ['otel-genai/content-off', [NO_DEFINITIONS, { because: 'content is off', says: NO_CONTENT }]],
  [
    'otel-genai/events',
    [
      NO_DEFINITIONS,
      {
        because: 'the event of a tool call does not exist, so its content is nowhere',
        says: { tools: NO_CONTENT.tools },
      },
    ],
  ],
  ['otel-genai/retrieval', [NO_DEFINITIONS, CONTEXT_IN_SYSTEM_TEXT]],
  ['otel-genai-legacy', [NO_DEFINITIONS, legacyClient()]],
  [
    'otel-genai-legacy/content-off',
    [
      NO_DEFINITIONS,
      legacyClient(),
      {
        because: 'content is off, but the history still names the call',
        says: { prompts: [{ role: 'assistant', says: [{ type: 'tool_call', name: 'lookup_order' }] }], outputs: [] },
      },
    ],
  ],
  ['strands', [NO_DEFINITIONS]],
  ['strands/latest-names', [NO_DEFINITIONS]],
])

function adkNames(): Deviation {
  return { because: 'names of agents must be identifiers', says: { agents: ['order_desk'] } }
}

function claudeCode(): Deviation {
  return {
    because: 'no agent is named, tools are not defined, and the session is a random id that the library makes',
    says: { agents: [], definitions: [], conversations: ['*'] },
  }
}

function legacyClient(): Deviation {
  return {
    because: 'only the model client is instrumented: no tool span, agent or conversation',
    says: { tools: [], agents: [], conversations: [] },
  }
}

function systemTextOf(text: string): Deviation {
  return {
    because: 'the framework adds a line to the system text',
    says: {
      prompts: [
        { role: 'assistant', says: [{ type: 'tool_call', name: 'lookup_order', arguments: { order_id: '4711' } }] },
        { role: 'system', says: text },
        { role: 'tool', says: { status: 'shipped', carrier: 'DHL', eta: '2026-11-24' } },
        { role: 'user', says: 'Where is order 4711?' },
      ],
    },
  }
}
