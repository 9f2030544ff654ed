import type { Projection } from '../views/projection.ts'
import { foldInventory } from './fold-inventory.ts'

/** What each agent is made of, at any instant: sightings of components (packages/declare). */
export const inventoryProjection: Projection = { name: 'inventory', version: 5, fold: foldInventory }
