import type { ClockKind } from './clock-kind.ts'
import type { AgentId, Sha256 } from './ids.ts'
import type { UnixNano } from './time.ts'
import type { TrustTier } from './trust.ts'

/** The way in by which a record was received. */
export type Channel =
  | 'otlp'
  | 'import'
  | 'control'
  | 'sensor'
  | 'tls'
  | 'tetragon'
  | 'falco'
  | 'mcp-proxy'
  | 'llm-proxy'
  | 'declared'
  | 'change'
  | 'cloudtrail'
  | 'kubernetes-audit'
  | 'gcp-audit'
  | 'azure-activity'
  | 'entra-audit'
  | 'openai-audit'
  | 'anthropic-audit'

/**
 * How the body of an entry is to be read.
 * - `otlp-span-proto`, `otlp-log-proto`: one protobuf message `opentelemetry.proto.trace.v1.Span` / `logs.v1.LogRecord`.
 * - `otlp-span-json`, `otlp-log-json`: the same as OTLP/JSON text.
 * - `control-json`: one `ControlRecord` (control-record.ts) as canonical JSON (RFC 8785).
 * - `run-json`: one message of an imported agent run as JSON (capture/import).
 * - `sensor-record`: a joint of 64 bytes and one record of a kernel program (sensor/SPEC.md, S5).
 * - `http-exchange`: one HTTP request and its answer, put together from TLS plain text, as JSON (capture/http).
 * - `tetragon-json`, `falco-json`: one event of another's sensor, as it writes them.
 * - `mcp-message`: one JSON-RPC message of an MCP session as it went by the proxy, with its frame as JSON (capture/mcp).
 * - `declared-document`: one document in which somebody wrote down what an agent is or may, with its frame (capture/declared).
 * - `change-json`: one deploy, rollout, model, prompt or catalogue change, as the system that made it says (capture/change).
 * - `cloudtrail-json`, `kubernetes-audit-json`, `gcp-audit-json`, `azure-activity-json`, `entra-audit-json`,
 *   `openai-audit-json`, `anthropic-audit-json`: one record of an authority's own audit log, as it writes them (capture/authority).
 */
export type BodyEncoding =
  | 'otlp-span-proto'
  | 'otlp-span-json'
  | 'otlp-log-proto'
  | 'otlp-log-json'
  | 'control-json'
  | 'run-json'
  | 'sensor-record'
  | 'http-exchange'
  | 'tetragon-json'
  | 'falco-json'
  | 'mcp-message'
  | 'declared-document'
  | 'change-json'
  | 'cloudtrail-json'
  | 'kubernetes-audit-json'
  | 'gcp-audit-json'
  | 'azure-activity-json'
  | 'entra-audit-json'
  | 'openai-audit-json'
  | 'anthropic-audit-json'

/** What all entries of a group share. Its canonical bytes are committed to by every leaf of the group. */
export type Envelope = {
  readonly channel: Channel
  /** Which listener or file: `http:4318`, `grpc:4317`, a file's base name. */
  readonly instance: string
  /** The credential that was presented: `loopback` where none is needed, else the key's id. Never the secret. */
  readonly credential: string
  readonly tier: TrustTier
  readonly encoding: BodyEncoding
  readonly clock: ClockKind
  readonly agent: AgentId
  /** The name to show for the agent (`service.name`). Untrusted. */
  readonly agentName: string
  /** Bytes of the OTLP Resource (protobuf or JSON, as `encoding` says) as received; empty where there is none. */
  readonly resource: Uint8Array
  /** Bytes of the OTLP InstrumentationScope as received; empty where there is none. */
  readonly scope: Uint8Array
  /** `schema_url` of the resource or scope; empty where none. */
  readonly schemaUrl: string
}

/** One credential that was masked, with the same number of bytes, before anything was stored. */
export type Mask = {
  /** Id of the masking rule. */
  readonly rule: string
  /** Byte offset in the body. */
  readonly start: number
  readonly bytes: number
}

/**
 * Entries received together that share an envelope, ready to be appended. Body i is `bytes[starts[i], ends[i])`; there
 * is no object per body, because the ingest path must not make one.
 */
export type EntryGroup = {
  readonly envelope: Envelope
  readonly bytes: Uint8Array
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  /**
   * Index terms found in the group, distinct, as `field:value`: `trace:<hex>`, `conversation:<id>`, `agent:<AgentId>`,
   * `tool:<name>`, `model:<name>`, `call:<tool call id>`. Each at most 300 characters.
   */
  readonly terms: readonly string[]
  /** Masks by body number; bodies without one are absent. */
  readonly masks: ReadonlyMap<number, readonly Mask[]>
  /** Earliest and latest claimed start in the group. */
  readonly claimedFrom: UnixNano
  readonly claimedTo: UnixNano
}

/** One leaf of the log as it is read back. */
export type LogEntry = {
  /** Position in the log, from 0. */
  readonly index: number
  readonly recordedAt: UnixNano
  readonly envelope: Envelope
  readonly bodyDigest: Sha256
  /** The received bytes; `undefined` once the content key was destroyed. */
  readonly body: Uint8Array | undefined
  readonly masks: readonly Mask[]
}
