export { sightingsOf } from './sightings.ts'
