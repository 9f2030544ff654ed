import type { Projection } from '../views/projection.ts'

/** What each agent normally does: observations by day, with the entries that prove them (packages/observe). */
export const profileProjection: Projection = {
  name: 'profile',
  version: 1,
  fold: () => ({ puts: [], deletes: [] }),
}
