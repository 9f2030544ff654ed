import type { Projection } from '../views/projection.ts'

/** What each agent is made of, at any instant: sightings of components (packages/declare). */
export const inventoryProjection: Projection = {
  name: 'inventory',
  version: 1,
  fold: () => ({ puts: [], deletes: [] }),
}
