import type { Notice } from '@holdfast/respond'

/** How the parts of the program tell people and other systems something. */
export type Notices = {
  /**
   * Resolves once the notice is on record; it is sent from there, as often as needed. The same id is told once. Rejects where
   * it cannot be recorded, and then nobody is told.
   */
  readonly tell: (notice: Notice) => Promise<void>
}
