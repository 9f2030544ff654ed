import type { AuditRowBody, Content, EventSummary, ExecutionGraph } from '@holdfast/model'

/** What a row is to be about, as the log has it. */
export type RowSubject =
  | { readonly kind: 'event'; readonly event: EventSummary; readonly words: string }
  | {
      readonly kind: 'incident'
      readonly id: string
      readonly words: string
      /** Nanoseconds since 1970 in decimal. */
      readonly at: string
      /** Events that are the deeds of it; all that its signals name where none is. */
      readonly deeds: readonly string[]
      readonly events: readonly string[]
      /** The text on whose word it was done, and the event that brought it. */
      readonly quote?: { readonly text: string; readonly event: string; readonly entry: number }
    }

/** Who runs the process where a provider does, by its own answer. */
export type Hosting = { readonly platform: string; readonly api: string; readonly entry: number }

/** All that a row is made of. It comes out of the log, so the same log gives the same row. */
export type RowFacts = {
  readonly subject: RowSubject
  /** Of all its conversations together. */
  readonly graph: ExecutionGraph
  readonly conversations: readonly string[]
  readonly events: readonly EventSummary[]
  /** The texts of an event by slot, read from its log entry. */
  readonly textsOf: (event: EventSummary) => readonly { readonly slot: string; readonly content: Content }[]
  readonly hostedBy: Hosting | undefined
  /** Gaps of the agents' streams at that time. */
  readonly gaps: AuditRowBody['gaps']
  /** Conversations beyond the bound, and what the graph left out. */
  readonly cut: { readonly conversations: number; readonly graph: number }
}
