import type { EventSummary, LogEntry, Sighting } from '@holdfast/model'
import type { Observation } from '@holdfast/observe'

/** One entry with its meaning, ready to be folded. Texts are gone, but for the start of a possible title. */
export type FoldInput = {
  readonly entry: LogEntry
  readonly events: readonly EventSummary[]
  readonly unmapped: readonly string[]
  /** Parts of the agent that the entry shows. */
  readonly sightings: readonly Sighting[]
  /** What of the entry enters the agent's profile. */
  readonly observations: readonly Observation[]
  /** The same, by event: one list for each of `events`. */
  readonly observed: readonly (readonly Observation[])[]
  readonly titleOf: (event: EventSummary) => string | undefined
}
