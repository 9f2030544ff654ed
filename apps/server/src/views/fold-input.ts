import type { EventSummary, LogEntry } from '@holdfast/model'

/** One entry with its meaning, ready to be folded. Texts are gone, but for the start of a possible title. */
export type FoldInput = {
  readonly entry: LogEntry
  readonly events: readonly EventSummary[]
  readonly unmapped: readonly string[]
  readonly titleOf: (event: EventSummary) => string | undefined
}
