import type { AttributeReader } from './attribute-reader.ts'

/**
 * Attributes that name the conversation, in all dialects, the standard's first. `langsmith.trace.session_id` is absent
 * on purpose: it names the project.
 */
export const CONVERSATION_KEYS: readonly string[] = [
  'gen_ai.conversation.id',
  'session.id',
  'langsmith.metadata.session_id',
  'langsmith.metadata.thread_id',
  'langsmith.metadata.conversation_id',
  'traceloop.association.properties.session_id',
  'traceloop.association.properties.conversation_id',
  'traceloop.association.properties.thread_id',
  'traceloop.association.properties.chat_id',
  'ai.telemetry.metadata.sessionId',
  'ai.telemetry.metadata.session_id',
  'ai.telemetry.metadata.conversationId',
  'ai.telemetry.metadata.conversation_id',
  'ai.telemetry.metadata.threadId',
  'ai.telemetry.metadata.chatId',
  'ai.settings.context.conversationId',
  'ai.settings.context.conversation_id',
  'ai.settings.context.sessionId',
  'ai.settings.context.chatId',
  'mlflow.trace.session',
  'gcp.vertex.agent.session_id',
  'gen_ai.thread.id',
  'microsoft.session.id',
  'conversation.id',
  'langfuse.session.id',
  'holdfast.conversation.id',
]

/** The conversation that the record itself names. */
export function conversationOf(reader: AttributeReader): string | undefined {
  return reader.text(...CONVERSATION_KEYS)
}
