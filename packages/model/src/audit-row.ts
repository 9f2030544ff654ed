import type { ContentState } from './content.ts'
import type { EventKind } from './event.ts'
import type { EdgeBasis, EdgeKind, NodeKind } from './graph.ts'
import type { TrustTier } from './trust.ts'

/** What a row ties to its triggering input. */
export const AUDIT_LAYERS = ['prompt', 'tools', 'egress', 'kernel'] as const

export type AuditLayer = (typeof AUDIT_LAYERS)[number]

/** What a row can be about. A violation is an event that a policy in force denies. */
export const AUDIT_SUBJECTS = ['violation', 'incident', 'event'] as const

export type AuditSubject = (typeof AUDIT_SUBJECTS)[number]

/** One text of an event as far as it was captured. `text` is captured, hostile, and cut where `isCut`. */
export type AuditText = {
  readonly event: string
  readonly slot: string
  readonly state: ContentState
  /** SHA-256 of the whole text in UTF-8. */
  readonly digest?: string
  readonly bytes?: number
  readonly text?: string
  readonly isCut?: true
  /** Why there is none. */
  readonly reason?: string
}

export type AuditEvent = {
  readonly id: string
  readonly kind: EventKind
  readonly entry: number
  /** Nanoseconds since 1970, as its log entry says; the order of entries is that of the log. */
  readonly recordedAt: string
  readonly channel: string
  readonly trace?: string
  readonly span?: string
  readonly callId?: string
}

/** One act or thing, as the execution graph has it. */
export type AuditItem = {
  readonly id: string
  readonly part: AuditLayer | 'trigger' | 'model' | 'identity' | 'other'
  readonly kind: NodeKind
  /** Untrusted text of at most 200 characters. */
  readonly label: string
  readonly agent: string
  readonly claimedAt: string
  readonly tier: TrustTier
  readonly clock: string
  readonly status: 'ok' | 'error' | 'unknown'
  readonly events: readonly AuditEvent[]
  readonly texts: readonly AuditText[]
  /** Plain facts of it, such as address, bytes and result; values are untrusted text. */
  readonly facts: Readonly<Record<string, string | number | boolean>>
}

/** How two items are tied, and whether that is proven or inferred. */
export type AuditJoin = {
  readonly from: string
  readonly to: string
  readonly kind: EdgeKind
  readonly basis: EdgeBasis
  readonly isProven: boolean
}

export type AuditLayerState = {
  readonly layer: AuditLayer
  /** `constrained`: the platform that hosts it gives no means to have it. Nothing inferred ever fills a layer. */
  readonly state: 'complete' | 'partial' | 'absent' | 'constrained'
  /** False where it was watched and there was nothing. */
  readonly isExpected: boolean
  readonly reason: string
  readonly items: readonly string[]
  readonly entries: readonly number[]
}

/** An artifact's line that an act of the row broke. */
export type AuditViolation = {
  readonly event: string
  readonly entry: number
  readonly artifact: string
  readonly kind: string
  readonly pointer: string
  readonly what: string
  readonly mode: 'monitor' | 'enforce'
  readonly profileDigest: string
}

/** An artifact's line that let an act of the row through: a connection, a request, a call of an API. */
export type AuditAllowance = AuditViolation

export type AuditTrigger = {
  /** The item that set the execution off. */
  readonly item: string
  readonly what: string
  /** Bases on the way from it to what the row is about, weakest last; empty where nothing leads there. */
  readonly bases: readonly EdgeBasis[]
  /** The text on whose word the act was done, where one was found: it came in later than what set the execution off. */
  readonly input?: {
    readonly event: string
    readonly entry: number
    /** The sentence that instructed. Captured text. */
    readonly quote: string
    /** What brought it: the item, and what was asked for, such as a ticket's id. Captured text. */
    readonly broughtBy?: string
    readonly askedFor?: string
  }
}

/** What of a model call is to be had where its inference ran out of sight. Never weights. */
export type AuditShortening = {
  /** The call whose envelope is the end of the row. */
  readonly item: string
  readonly envelope: Readonly<Record<string, string | number>>
  /** The tool call by which the agent had it done. */
  readonly actingTool?: string
  readonly reason: string
}

/** One entry's leaf with its audit path in the tree of the row's checkpoint; all in base64, nearest sibling first. */
export type AuditProof = { readonly entry: number; readonly leaf: string; readonly path: readonly string[] }

/** Everything of a row that is derived from the log alone. */
export type AuditRowBody = {
  readonly version: 1
  /** `row~` and the id of the event or incident that it is about. */
  readonly id: string
  readonly about: { readonly kind: AuditSubject; readonly id: string; readonly words: string; readonly at: string }
  readonly agents: readonly string[]
  readonly conversations: readonly string[]
  readonly traces: readonly string[]
  readonly trigger?: AuditTrigger
  readonly violations: readonly AuditViolation[]
  /** Lines of policies in force by which what left was let through; absent where no policy speaks of it. */
  readonly allowed?: readonly AuditAllowance[]
  readonly identities: readonly {
    readonly principal: string
    readonly kind: string
    readonly onBehalfOf?: string
    readonly tier: TrustTier
    readonly events: readonly string[]
    readonly entries: readonly number[]
  }[]
  /** In causal order. */
  readonly items: readonly AuditItem[]
  readonly joins: readonly AuditJoin[]
  readonly layers: readonly AuditLayerState[]
  readonly shortened: readonly AuditShortening[]
  readonly coverage: { readonly filled: number; readonly expected: number; readonly share: number }
  /** What the agent's streams lost while it happened, as the log says. */
  readonly gaps: readonly { readonly entry: number; readonly reason: string; readonly detail: string }[]
  /** What bounds left out. */
  readonly cut: {
    readonly items: number
    readonly texts: number
    readonly conversations: number
    readonly graph: number
  }
}

/**
 * One row: what happened in every layer, and the proof that the log holds it. `proof.checkpoint` is the first one that
 * covers every entry of the row, so that the same log gives the same bytes however much it has grown.
 */
export type AuditRow = AuditRowBody & {
  readonly proof: {
    readonly key: string
    readonly checkpoint: string
    readonly size: number
    readonly rootHash: string
    /** By entry, ascending. */
    readonly entries: readonly AuditProof[]
  }
  /** A signed note of the log over the id of the row and the SHA-256 of its canonical JSON without this member. */
  readonly signature: string
}

const ROW_PREFIX = 'row~'

/** The id of the row about an event or incident; {@link auditSubjectOf} is its way back. */
export function auditRowId(subject: string): string {
  return `${ROW_PREFIX}${subject}`
}

/** The event or incident that a row of this id is about; undefined for any other text. */
export function auditSubjectOf(rowId: string): string | undefined {
  return rowId.startsWith(ROW_PREFIX) && rowId.length > ROW_PREFIX.length ? rowId.slice(ROW_PREFIX.length) : undefined
}
