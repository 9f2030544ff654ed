import type { Projection } from '../views/projection.ts'
import { foldAuthority } from './fold-authority.ts'

/** Who may do what by which document, who acts as whom, and what was done with it. */
export const authorityProjection: Projection = { name: 'authority', version: 1, fold: foldAuthority }
