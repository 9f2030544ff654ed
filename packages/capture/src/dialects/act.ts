import type { EventBody, MessageRole, NotCapturedReason, Sha256, TokenUsage, UnixNano } from '@holdfast/model'
import type { Json } from '../decode/any-value.ts'

/** A piece of content as the dialect holds it: a value (text stays verbatim), or why there is none. */
export type Held =
  | {
      readonly value: Json
      /** The rest of it was not seen, or not sent. */
      readonly isPartial?: boolean
    }
  | { readonly absent: NotCapturedReason }

/** Messages in the order in which they were sent, or why there are none. An empty list was stated as empty. */
export type Heard = readonly Message[] | NotCapturedReason

export type Message = { readonly role: MessageRole; readonly parts: readonly Part[] }

export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly isPartial?: boolean }
  | { readonly kind: 'reasoning'; readonly text: string; readonly isPartial?: boolean }
  | { readonly kind: 'tool-request'; readonly callId?: string; readonly name?: string; readonly arguments: Held }
  | { readonly kind: 'tool-response'; readonly callId?: string; readonly name?: string; readonly result: Held }
  /** Images, files, refusals and whatever else a provider invents. */
  | { readonly kind: 'other'; readonly value: Json; readonly isPartial?: boolean }

export type Definition = {
  readonly name: string
  readonly description: Held
  readonly parameters: Held
  readonly server?: string
  /** SHA-256 of the whole definition, where the source has it whole. */
  readonly definition?: Sha256
}

export type Document = {
  readonly origin?: string
  readonly uri?: string
  readonly version?: string
  readonly statedDigest?: string
  readonly trust?: string
  readonly score?: number
  readonly content: Held
}

/**
 * What a dialect reads from a record: {@link EventBody} before contents are hashed and slots are named. One record may
 * hold several (an agent span that also hands over).
 */
export type Act =
  | {
      readonly kind: 'inference'
      readonly operation: string
      readonly provider?: string
      readonly requestModel?: string
      readonly responseModel?: string
      readonly responseId?: string
      readonly finishReasons: readonly string[]
      readonly usage: TokenUsage
      readonly endpoint?: string
      readonly credentialScope?: string
      readonly error?: string
      readonly input: Heard
      readonly output: Heard
    }
  /** Messages that arrive by themselves, as the older log events send them. */
  | { readonly kind: 'said'; readonly side: 'input' | 'output'; readonly messages: Heard; readonly at?: UnixNano }
  | { readonly kind: 'definitions'; readonly definitions: readonly Definition[] }
  /** A tool call, its result, or both: the side that the record does not speak of is undefined. */
  | {
      readonly kind: 'tool'
      readonly name: string
      readonly callId?: string
      readonly toolType?: string
      readonly server?: string
      readonly arguments?: Held
      readonly result?: Held
      readonly error?: string
    }
  | {
      readonly kind: 'documents'
      readonly query: Held
      readonly dataSource?: string
      readonly documents: readonly Document[]
    }
  | {
      readonly kind: 'memory'
      readonly operation: 'read' | 'write' | 'delete'
      readonly store?: string
      readonly record?: string
      readonly content: Held
    }
  | {
      readonly kind: 'invocation'
      readonly operation: string
      readonly name: string
      readonly input: Held
      readonly output: Held
      readonly error?: string
    }
  | {
      readonly kind: 'delegation'
      readonly mechanism: 'handoff' | 'a2a' | 'invoke-agent' | 'declared'
      readonly delegationId?: string
      readonly from?: string
      readonly to: string
      readonly payload: Held
    }
  | {
      readonly kind: 'guardrail'
      readonly name: string
      readonly verdict: string
      readonly target?: string
      readonly facts?: Readonly<Record<string, string>>
      readonly detail: Held
    }
  | Extract<EventBody, { readonly kind: 'identity' }>
  | Extract<EventBody, { readonly kind: 'egress' }>
  | Extract<EventBody, { readonly kind: 'socket' }>
  | Extract<EventBody, { readonly kind: 'component' }>

/** Content that the instrumentation could have sent. */
export const OMITTED: Held = { absent: 'instrumentation-omits' }
/** Content that the dialect has no attribute for. */
export const NO_FIELD: Held = { absent: 'dialect-has-no-field' }

export function held(value: Json | undefined, otherwise: Held = OMITTED): Held {
  return value === undefined ? otherwise : { value }
}
