import type { StandingWire } from './timeline-routes.ts'

/** What each state of harm is called, the same for everybody who shows it. */
export const HARM_WORDS: Readonly<Record<StandingWire['harm']['state'], string>> = {
  continuing: 'continuing',
  stopped: 'stopped',
  // Held, as probes found, with ways beside the hold that it does not shut.
  held: 'held',
  // Nothing of what did it runs.
  ended: 'ended',
  // Nothing says that it goes on, and nothing keeps it from going on.
  unknown: 'still possible',
  'none-seen': 'none seen',
}
