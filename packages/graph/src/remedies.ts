/** What an artifact misses: the setting that captures it differs by dialect and by this. */
export type Topic =
  | 'prompts'
  | 'outputs'
  | 'tool-arguments'
  | 'tool-results'
  | 'documents'
  | 'tool-definitions'
  | 'memory'
  | 'identity'
  | 'delegation'

type Row = { readonly dialect: string; readonly topics: readonly Topic[]; readonly remedy: string }

const MESSAGES: readonly Topic[] = ['prompts', 'outputs']
const TOOLS: readonly Topic[] = ['tool-arguments', 'tool-results']
const CONTENT: readonly Topic[] = [...MESSAGES, ...TOOLS]

const GENAI =
  'set OTEL_SEMCONV_STABILITY_OPT_IN=gen_ai_latest_experimental and OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=SPAN_ONLY (older instrumentations: =true) in the agent, and restart it'
const AI_SDK = 'leave recordInputs and recordOutputs of the AI SDK telemetry settings at true (they are on by default)'

/** The exact setting by dialect, first match wins. From the libraries' own documentation. */
const ROWS: readonly Row[] = [
  { dialect: 'otel-genai', topics: CONTENT, remedy: GENAI },
  { dialect: 'ai-sdk-v7', topics: CONTENT, remedy: AI_SDK },
  { dialect: 'ai-sdk-legacy', topics: CONTENT, remedy: AI_SDK },
  {
    dialect: 'claude-code',
    topics: ['prompts'],
    remedy: 'set OTEL_LOG_USER_PROMPTS=1 (system prompt and whole histories: OTEL_LOG_RAW_API_BODIES=1)',
  },
  {
    dialect: 'claude-code',
    topics: ['outputs'],
    remedy:
      'set OTEL_LOG_ASSISTANT_RESPONSES=1 (every answer of every call, tool choices too: OTEL_LOG_RAW_API_BODIES=1)',
  },
  { dialect: 'claude-code', topics: ['tool-arguments'], remedy: 'set OTEL_LOG_TOOL_DETAILS=1' },
  {
    dialect: 'claude-code',
    topics: ['tool-results'],
    remedy:
      'set OTEL_LOG_TOOL_CONTENT=1 with OTEL_TRACES_EXPORTER=otlp and CLAUDE_CODE_ENHANCED_TELEMETRY_BETA=1; log events carry no results',
  },
  { dialect: 'adk', topics: CONTENT, remedy: 'set ADK_CAPTURE_MESSAGE_CONTENT_IN_SPANS=true' },
  {
    dialect: 'openllmetry',
    topics: CONTENT,
    remedy: 'set TRACELOOP_TRACE_CONTENT=true, or traceContent: true where it is initialised',
  },
  {
    dialect: 'openinference',
    topics: ['prompts', 'tool-arguments'],
    remedy:
      'unset OPENINFERENCE_HIDE_INPUTS, OPENINFERENCE_HIDE_INPUT_MESSAGES and OPENINFERENCE_HIDE_INPUT_TEXT (or the same in traceConfig)',
  },
  {
    dialect: 'openinference',
    topics: ['outputs', 'tool-results'],
    remedy:
      'unset OPENINFERENCE_HIDE_OUTPUTS, OPENINFERENCE_HIDE_OUTPUT_MESSAGES and OPENINFERENCE_HIDE_OUTPUT_TEXT (or the same in traceConfig)',
  },
  {
    dialect: 'langsmith',
    topics: ['prompts', 'tool-arguments'],
    remedy: 'unset LANGSMITH_HIDE_INPUTS, and do not pass hideInputs to the client',
  },
  {
    dialect: 'langsmith',
    topics: ['outputs', 'tool-results'],
    remedy: 'unset LANGSMITH_HIDE_OUTPUTS, and do not pass hideOutputs to the client',
  },
  {
    dialect: 'ms-agent-framework',
    topics: CONTENT,
    remedy:
      'call enable_instrumentation(enable_sensitive_data=True), or set ENABLE_SENSITIVE_DATA=true; in .NET EnableSensitiveData = true',
  },
  {
    dialect: 'strands',
    topics: CONTENT,
    remedy:
      'set OTEL_SEMCONV_STABILITY_OPT_IN=gen_ai_latest_experimental,gen_ai_tool_definitions, and keep span events in every processor and Collector on the way',
  },
  {
    dialect: 'mastra',
    topics: CONTENT,
    remedy: 'remove hideInput and hideOutput from the tracing options, and any span output processor that drops them',
  },
  {
    dialect: 'openai-agents',
    topics: CONTENT,
    remedy: 'set traceIncludeSensitiveData: true in the run configuration (it is the default)',
  },
  { dialect: 'agentcore-adot', topics: CONTENT, remedy: GENAI },
  {
    dialect: 'crewai',
    topics: CONTENT,
    remedy:
      'unset OPENINFERENCE_HIDE_INPUTS and OPENINFERENCE_HIDE_OUTPUTS, or set TRACELOOP_TRACE_CONTENT=true, whichever instruments the crew',
  },
  {
    dialect: 'mlflow',
    topics: CONTENT,
    remedy:
      'remove the span processor that clears mlflow.spanInputs or mlflow.spanOutputs; MLflow records both by default',
  },
  { dialect: 'otel-mcp', topics: TOOLS, remedy: GENAI },
]

/** Where no dialect has a field for it, our own library gives the agent's author one. */
const HELPERS: Readonly<Record<Topic, string>> = {
  prompts: GENAI,
  outputs: GENAI,
  'tool-arguments': GENAI,
  'tool-results': GENAI,
  documents: 'call recordRetrieval({ query, source, documents }) of @holdfast/sdk where the agent retrieves',
  'tool-definitions':
    'let the model call state gen_ai.tool.definitions with descriptions (Strands: OTEL_SEMCONV_STABILITY_OPT_IN=gen_ai_tool_definitions), or capture the tools/list of the MCP server',
  memory:
    'call recordMemory({ operation, store, record, content }) of @holdfast/sdk where the agent reads or writes memory',
  identity:
    'call recordIdentity({ principal, kind }) of @holdfast/sdk at the step, or set OTEL_RESOURCE_ATTRIBUTES=k8s.serviceaccount.name=NAME for the whole process',
  delegation: 'call recordDelegation({ id, toAgent, payload }) of @holdfast/sdk where the work is handed over',
}

/** The exact setting that would capture it. */
export function remedyFor(dialect: string, topic: Topic): string {
  return settingFor(dialect, topic) ?? HELPERS[topic]
}

/** The setting of the instrumentation itself; undefined where it has none, as what a kernel or a proxy saw. */
export function settingFor(dialect: string, topic: Topic): string | undefined {
  return ROWS.find((row) => row.dialect === dialect && row.topics.includes(topic))?.remedy
}

/** For a text that was cut on the way. */
export const TRUNCATED_REMEDY =
  'raise or unset OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT and OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT in the agent, and any limit of the Collector'

/** For a record that is expected and never came. */
export const LOST_REMEDY =
  'let the agent flush before it exits (forceFlush or shutdown of its tracer provider), sample nothing away (OTEL_TRACES_SAMPLER=parentbased_always_on), and look at the gaps of the log'

export const ERASED_REMEDY = 'none: its key was destroyed, and only its digest is left'

export const NOT_SEEN_REMEDY = 'start the watch before the agent; what a sensor lost stands in the log as a gap'

export const REFERENCE_REMEDY = 'send the text itself: a pointer into another store is not evidence'
