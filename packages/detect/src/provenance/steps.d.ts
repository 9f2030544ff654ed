import type { Event } from '@holdfast/model'
/**
 * By which way a text came into the agent's context. Only `user` speaks for the owner of the task; `harness` is what the
 * program around the model says on the user's channel, and may echo anything; `model` is what the agent said itself.
 */
export type SourceChannel = 'user' | 'system' | 'harness' | 'model' | 'tool' | 'document' | 'memory' | 'delegation'
/** A text that entered the context. */
export type SourceStep = {
  readonly kind: 'source'
  readonly channel: SourceChannel
  readonly event: Event['id']
  readonly entry: number
  readonly text: string
  /** The tool that brought it, and what it was asked with. */
  readonly tool?: string
  readonly callId?: string
  /** Id of the document, message or record, where the source names one. */
  readonly origin?: string
}
/** Something that the agent did. */
export type CallStep = {
  readonly kind: 'call'
  readonly event: Event['id']
  readonly entry: number
  readonly tool: string
  readonly callId?: string
  /** Arguments as JSON text or as they came. */
  readonly arguments: string
}
export type Step = SourceStep | CallStep
/** Channels whose texts nobody vouches for. */
export declare const UNTRUSTED: ReadonlySet<SourceChannel>
/**
 * The texts and acts of one execution in the order in which its source told them; what is told again (a message in the history of the next model call)
 * counts once. Bounded by {@link MAX_TEXTS} and {@link MAX_CALLS}.
 */
export declare function stepsOf(events: readonly Event[]): readonly Step[]
//# sourceMappingURL=steps.d.ts.map
