export type { Observation } from './observations.ts'
export { observationsOf } from './observations.ts'
