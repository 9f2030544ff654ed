/**
 * Attributes that carry no meaning for the record of what an agent did: sampling knobs, SDK names, code positions,
 * timings that the span has anyway. They stay in the stored bytes; they only do not count as unmapped.
 */
const IGNORED_KEYS: ReadonlySet<string> = new Set([
  'code.filepath',
  'code.function',
  'code.function.name',
  'code.file.path',
  'code.line.number',
  'code.lineno',
  'code.namespace',
  'error.message',
  'event.domain',
  'event.name',
  'event.sequence',
  'event.timestamp',
  'gen_ai.execute_tool.duration',
  'gen_ai.openai.request.service_tier',
  'gen_ai.openai.response.service_tier',
  'gen_ai.openai.response.system_fingerprint',
  'gen_ai.output.type',
  'gen_ai.request.encoding_formats',
  'gen_ai.request.seed',
  'gen_ai.request.stream',
  'gen_ai.server.request.duration',
  'gen_ai.server.time_to_first_token',
  'gen_ai.response.time_to_first_chunk',
  'gen_ai.usage.total_tokens',
  'gen_ai.event.start_time',
  'gen_ai.event.end_time',
  'http.flavor',
  'http.host',
  'http.request.body.size',
  'http.request.resend_count',
  'http.response.body.size',
  'http.response_content_length_uncompressed',
  'http.response_content_length',
  'http.status_text',
  'http.user_agent',
  'llm.is_streaming',
  'llm.usage.total_tokens',
  'network.local.address',
  'network.local.port',
  'network.peer.address',
  'network.peer.port',
  'network.protocol.name',
  'network.protocol.version',
  'network.transport',
  'network.type',
  'net.transport',
  'openai.request.service_tier',
  'openai.response.service_tier',
  'openai.response.system_fingerprint',
  'operation.name',
  'otel.library.name',
  'otel.library.version',
  'peer.service',
  'span.type',
  'thread.id',
  'thread.name',
  'url.scheme',
  'url.query',
  'user_agent.original',
])

const IGNORED_PREFIXES: readonly string[] = [
  // Sampling parameters: temperature, top_p, max_tokens, penalties, stop sequences.
  'gen_ai.request.',
  'ai.settings.maxRetries',
  'ai.settings.temperature',
  'ai.settings.max',
  'ai.response.ms',
  'ai.response.avg',
  'ai.stream.',
  'ai.request.headers.',
  'gen_ai.client.',
  'http.request.header.',
  'http.response.header.',
  'telemetry.',
  'llm.token_count.total',
  'llm.cost.',
]

/** Names that start like an ignored group but carry meaning. */
const KEPT: ReadonlySet<string> = new Set(['gen_ai.request.model', 'gen_ai.request.top_k'])

/** True for a key that says nothing about what an agent did. */
export function isIgnored(key: string): boolean {
  if (IGNORED_KEYS.has(key)) return true
  return !KEPT.has(key) && IGNORED_PREFIXES.some((prefix) => key.startsWith(prefix))
}
