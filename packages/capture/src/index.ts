export type { Normalised } from './normalised.ts'
export { normalise } from './normalise.ts'
