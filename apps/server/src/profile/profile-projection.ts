import type { Projection } from '../views/projection.ts'
import { foldProfiles } from './fold-profile.ts'

/** What each agent normally does: observations by day, with the entries that prove them (packages/observe). */
export const profileProjection: Projection = { name: 'profile', version: 5, fold: foldProfiles }
