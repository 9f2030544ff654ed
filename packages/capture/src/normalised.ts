import type { Event } from '@holdfast/model'

/** What one log entry means. */
export type Normalised = {
  readonly events: readonly Event[]
  /** Which vocabulary was read; `unknown` where none was recognised. */
  readonly dialect: string
  /** Attributes that the dialect reads. */
  readonly mapped: number
  /** Attribute keys that carry meaning and that the dialect does not read, sorted. */
  readonly unmapped: readonly string[]
  /** Attributes and nested values beyond the bounds: in the stored bytes, but not read. */
  readonly cut: number
}
