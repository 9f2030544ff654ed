declare const brand: unique symbol
type Id<Name extends string> = string & { readonly [brand]: Name }

/** 32 lowercase hex digits, not all zero (W3C Trace Context). */
export type TraceId = Id<'TraceId'>
/** 16 lowercase hex digits, not all zero (W3C Trace Context). */
export type SpanId = Id<'SpanId'>
/** SHA-256 as 64 lowercase hex digits. */
export type Sha256 = Id<'Sha256'>
/**
 * Stable identity of an agent: its Deployment. `k8s:<cluster>/<namespace>/<workload>`, or on a plain host
 * `host:<host>/<service>`; a part that the source does not state is `-`. Built by {@link agentIdOf} only.
 */
export type AgentId = Id<'AgentId'>
/**
 * A conversation: the source's own conversation or session id, or, where it states none, the trace id.
 * Untrusted text of at most 256 characters.
 */
export type ConversationId = Id<'ConversationId'>
/**
 * Names one event by what the source itself says (trace, span, slot), never by its place in the log, so that the same
 * recording gives the same ids in whatever order it arrives. URL-safe: `[A-Za-z0-9._~-]`.
 */
export type EventId = Id<'EventId'>

/** Undefined unless `text` is 32 lowercase hex digits, not all zero. */
export function parseTraceId(text: string): TraceId | undefined {
  return /^(?!0{32})[0-9a-f]{32}$/.test(text) ? (text as TraceId) : undefined
}

/** Undefined unless `text` is 16 lowercase hex digits, not all zero. */
export function parseSpanId(text: string): SpanId | undefined {
  return /^(?!0{16})[0-9a-f]{16}$/.test(text) ? (text as SpanId) : undefined
}

/** Undefined unless `text` is 64 lowercase hex digits. */
export function parseSha256(text: string): Sha256 | undefined {
  return /^[0-9a-f]{64}$/.test(text) ? (text as Sha256) : undefined
}

/**
 * Undefined for an empty text; a longer one is cut to 256 characters, which keeps an honest id whole. Always Unicode text:
 * half of a surrogate pair can stand in no URL, and would throw where a link is made.
 */
export function parseConversationId(text: string): ConversationId | undefined {
  const trimmed = text.trim()
  return trimmed === '' ? undefined : (trimmed.slice(0, 256).toWellFormed() as ConversationId)
}

/** Undefined unless `text` is made of the URL-safe characters of {@link EventId}, at most 200 of them. */
export function parseEventId(text: string): EventId | undefined {
  return /^[A-Za-z0-9._~-]{1,200}$/.test(text) ? (text as EventId) : undefined
}

/** Undefined unless `text` has one of the two forms of {@link AgentId}. */
export function parseAgentId(text: string): AgentId | undefined {
  return /^(k8s:[^/]{1,256}\/[^/]{1,256}\/[^/]{1,256}|host:[^/]{1,256}\/[^/]{1,256})$/.test(text)
    ? (text as AgentId)
    : undefined
}

/** Where an agent runs, as its source states it. Untrusted text. */
export type Deployment =
  | { readonly kind: 'k8s'; readonly cluster?: string; readonly namespace?: string; readonly workload: string }
  | { readonly kind: 'host'; readonly host?: string; readonly service: string }

/** Under which the product's own records stand in the log. No sender can state it: it would hide behind it. */
export const CONTROL_AGENT = 'host:-/holdfast' as AgentId

/** The stable identity of a Deployment; never {@link CONTROL_AGENT}. Slashes and control characters in a part become `_`. */
export function agentIdOf(deployment: Deployment): AgentId {
  switch (deployment.kind) {
    case 'k8s':
      return `k8s:${part(deployment.cluster)}/${part(deployment.namespace)}/${part(deployment.workload)}` as AgentId
    case 'host': {
      const id = `host:${part(deployment.host)}/${part(deployment.service)}`
      return (id === CONTROL_AGENT ? 'host:_/holdfast' : id) as AgentId
    }
  }
}

function part(text: string | undefined): string {
  // Control characters would let one agent print itself as another in a terminal.
  // Half of a surrogate pair, sent so or left by the cut, would be stored as another character than it is hashed as.
  const clean = (text ?? '')
    .replaceAll(/[\p{Cc}\p{Cf}/]/gu, '_')
    .slice(0, 256)
    .toWellFormed()
  return clean === '' ? '-' : clean
}
