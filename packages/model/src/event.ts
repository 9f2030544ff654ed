import type { Component } from './component.ts'
import type { Content, ContentRef } from './content.ts'
import type { ControlRecord } from './control-record.ts'
import type { ClockKind } from './clock-kind.ts'
import type { Channel } from './entry.ts'
import type { AuthPlane, Grant, GrantBinding, Principal } from './grant.ts'
import type { KernelBody, KernelContextBasis, ProcessKey } from './kernel.ts'
import type { AgentId, ConversationId, EventId, Sha256, SpanId, TraceId } from './ids.ts'
import type { UnixNano } from './time.ts'
import type { TrustTier } from './trust.ts'

/**
 * What one log entry means; an entry gives any number of events, by a pure function (capture/normalise.ts).
 * `C` is {@link Content} where the text is at hand and {@link ContentRef} in projections.
 */
export type Event<C = Content> = {
  readonly id: EventId
  /** Index of the log entry that holds the bytes. */
  readonly entry: number
  /** When the source says it happened. A claim: orders nothing across sources. */
  readonly claimedAt: UnixNano
  /** When the source says it ended, for what has a duration. */
  readonly claimedUntil?: UnixNano
  readonly recordedAt: UnixNano
  readonly source: EventSource
  readonly agent: AgentRef
  readonly context: EventContext
  readonly body: EventBody<C>
}

/** An event without its texts. */
export type EventSummary = Event<ContentRef>

export type EventSource = {
  readonly channel: Channel
  readonly instance: string
  readonly credential: string
  readonly tier: TrustTier
  readonly clock: ClockKind
  /** Which vocabulary was read, e.g. `otel-genai`, `openinference`; `unknown` where none was recognised. */
  readonly dialect: string
  /** Instrumentation scope and version as stated: `@ai-sdk/otel 1.0.173`. Untrusted. */
  readonly instrumentation: string
}

export type AgentRef = {
  readonly id: AgentId
  /** `service.name`. Untrusted. */
  readonly name: string
  /** `gen_ai.agent.name` and its kin: one process may hold several named agents. Untrusted. */
  readonly member?: string
  readonly version?: string
  /** Instance of the moment: pod, container, process, as the source states it. */
  readonly instance?: string
}

export type EventContext = {
  readonly conversation?: ConversationId
  readonly trace?: TraceId
  readonly span?: SpanId
  readonly parentSpan?: SpanId
  /** Spans of the same or another trace that this one names as its cause (OTLP links). */
  readonly links?: readonly { readonly trace: TraceId; readonly span: SpanId }[]
  /** The process that acted, for what a sensor saw; its parent beside it. */
  readonly process?: ProcessKey
  readonly parentProcess?: ProcessKey
  /**
   * Set where the process had come into the agent's cgroup from outside and had run no program there yet: a container
   * runtime (or whoever else starts agents) at work, not the agent.
   */
  readonly isSetup?: true
  /** How a kernel event came by `trace` and `span`. */
  readonly contextBasis?: KernelContextBasis
  /** Groups records that have no trace: `<agent>~<session>`; made by the normaliser. */
  readonly session?: string
}

/** What a tool call claims: to run a command, to write one file, to ask one host. Captured text: untrusted. */
export type ClaimedEffect =
  | { readonly kind: 'command' }
  | { readonly kind: 'file-write'; readonly path: string }
  | { readonly kind: 'request'; readonly host: string }

/** Order of messages as they stood in one model call. */
export type MessageRole = 'system' | 'user' | 'assistant' | 'tool' | 'developer'

export type TokenUsage = {
  readonly inputTokens?: number
  readonly outputTokens?: number
  readonly cacheReadTokens?: number
  readonly cacheWriteTokens?: number
}

export type EventBody<C = Content> =
  /** One message that stood in a model call's context window. `ordinal` counts from 0, system text first. */
  | {
      readonly kind: 'prompt'
      readonly role: MessageRole
      readonly ordinal: number
      readonly content: C
      /** Set on a tool message: the call that it answers. */
      readonly callId?: string
    }
  | {
      readonly kind: 'model-call'
      readonly operation: string
      readonly provider?: string
      readonly requestModel?: string
      readonly responseModel?: string
      readonly responseId?: string
      readonly finishReasons: readonly string[]
      readonly usage: TokenUsage
      /** Number of input messages stated, captured or not. */
      readonly messages: number
      readonly endpoint?: string
      /** What the presented credential reaches, as the request itself says: `us-east-1/bedrock`, a project. Never the credential. */
      readonly credentialScope?: string
      readonly error?: string
    }
  /** What the model answered: text, reasoning it exposed, or a tool call that it asked for. */
  | {
      readonly kind: 'model-output'
      readonly ordinal: number
      readonly part: 'text' | 'reasoning' | 'tool-request' | 'other'
      readonly content: C
      /** For a tool request. */
      readonly toolName?: string
      readonly callId?: string
    }
  | {
      readonly kind: 'tool-definition'
      readonly toolName: string
      readonly description: C
      readonly parameters: C
      readonly server?: string
      /**
       * SHA-256 of the canonical JSON (RFC 8785) of its name, title, description, schemas and annotations, where the source
       * has them whole.
       */
      readonly definition?: Sha256
    }
  /** What an MCP server offers at one moment: the whole of its list, or `isWhole` false. */
  | {
      readonly kind: 'tool-catalogue'
      readonly server: string
      readonly serverVersion?: string
      readonly protocolVersion?: string
      /** SHA-256 of the canonical JSON of the list of all definitions' digests, ordered by tool name. */
      readonly digest: Sha256
      readonly tools: readonly { readonly name: string; readonly definition: Sha256 }[]
      readonly isWhole: boolean
      /** True where the server said beforehand that its list had changed. */
      readonly isAnnounced: boolean
    }
  /** A part that the process really has, as a probe, a proxy or the kernel saw it; or that it let go. */
  | {
      readonly kind: 'component'
      readonly component: Component
      readonly state: 'loaded' | 'unloaded'
      /** What loaded it: a module path, a process. Untrusted. */
      readonly loader?: string
    }
  /** What a document says that an agent is, has or may. */
  | {
      readonly kind: 'declaration'
      /** `kubernetes-manifest`, `mcp-client-config`, `iam-policy`, ... */
      readonly format: string
      /** Path or name of the document. Untrusted. */
      readonly document: string
      readonly components: readonly Component[]
      readonly grants: readonly Grant[]
      readonly bindings: readonly GrantBinding[]
      /** Facts of the agent itself: `class`, `owner`, `data-classes`, `replicas`. */
      readonly facts: Readonly<Record<string, string>>
      readonly content: C
    }
  /** Something was asked of an authority that knows who asked: a cloud, a cluster, a provider. */
  | {
      readonly kind: 'api-call'
      readonly plane: AuthPlane
      readonly principal: Principal
      /** `s3:GetObject`, `get secrets`, `storage.objects.get`, as the plane's grants name it. */
      readonly action: string
      readonly resources: readonly string[]
      readonly decision: 'allowed' | 'denied' | 'failed'
      readonly errorCode?: string
      readonly isReadOnly?: boolean
      readonly requestId?: string
      readonly region?: string
      readonly sourceAddress?: string
      readonly userAgent?: string
      /** The principal or session that the call gave out: an assumed role, a token, a key. */
      readonly gives?: Principal
      readonly request: C
      readonly response: C
    }
  /** A change to the agent that somebody made and a system recorded. */
  | {
      readonly kind: 'change'
      readonly change:
        | 'deploy'
        | 'image'
        | 'model'
        | 'prompt-template'
        | 'tool-catalogue'
        | 'mcp-server'
        | 'grant'
        | 'replicas'
        | 'restart'
      readonly subject: string
      readonly from?: string
      readonly to?: string
      /** The source's own id of it: a revision, a commit, a change ticket. */
      readonly changeId?: string
      readonly author?: string
      readonly approver?: string
    }
  | {
      readonly kind: 'tool-call'
      readonly toolName: string
      readonly callId?: string
      readonly toolType?: string
      /** MCP server name or address where stated. */
      readonly server?: string
      readonly arguments: C
      /** In summaries, where the arguments say plainly what the call will do to the world (graph/claims.ts). */
      readonly effect?: ClaimedEffect
    }
  | {
      readonly kind: 'tool-result'
      readonly toolName: string
      readonly callId?: string
      readonly server?: string
      readonly result: C
      readonly error?: string
    }
  /** A document, URL or resource brought into the context. */
  | {
      readonly kind: 'context-item'
      readonly ordinal: number
      /** The source's own id of the document. */
      readonly origin?: string
      readonly uri?: string
      readonly version?: string
      /** Digest that the source states. A claim. */
      readonly statedDigest?: string
      readonly dataSource?: string
      readonly trust?: string
      readonly score?: number
      readonly query: C
      readonly content: C
    }
  | {
      readonly kind: 'memory'
      readonly operation: 'read' | 'write' | 'delete'
      readonly store?: string
      readonly record?: string
      readonly content: C
    }
  /** Work begins in a named agent (`invoke_agent`, a crew, a workflow). */
  | {
      readonly kind: 'invocation'
      readonly operation: string
      readonly name: string
      readonly input: C
      readonly output: C
      readonly error?: string
    }
  /** Work is handed to another agent. */
  | {
      readonly kind: 'delegation'
      readonly mechanism: 'handoff' | 'a2a' | 'invoke-agent' | 'declared'
      readonly delegationId?: string
      readonly from?: string
      readonly to: string
      readonly payload: C
    }
  | {
      readonly kind: 'identity'
      readonly principal: string
      readonly principalKind: string
      readonly onBehalfOf?: string
      /** Attribute that stated it. */
      readonly statedBy: string
    }
  | {
      readonly kind: 'guardrail'
      readonly name: string
      readonly verdict: string
      readonly target?: string
      /** What it rests on, by name: told by our own proxies alone. Values are untrusted. */
      readonly facts?: Readonly<Record<string, string>>
      readonly detail: C
    }
  /** A request that left the process, as the instrumentation saw it. */
  | {
      readonly kind: 'egress'
      readonly destination: string
      readonly port?: number
      readonly protocol: string
      readonly method?: string
      readonly path?: string
      readonly status?: number
    }
  /** A span or log record that carries structure only, or that no dialect maps: kept, shown, counted. */
  | {
      readonly kind: 'step'
      readonly name: string
      readonly mapped: boolean
      readonly error?: string
      readonly unmapped: readonly string[]
    }
  | KernelBody<C>
  | { readonly kind: 'control'; readonly record: ControlRecord }

export type EventKind = EventBody['kind']
