/** Why something is missing. */
export type GapReason =
  | 'refused-malformed'
  | 'refused-oversized'
  | 'refused-no-policy'
  | 'refused-overload'
  | 'refused-rejected-records'
  /** Stored and masked as ever; the list of what was masked in a request is cut. */
  | 'masks-unlisted'
  | 'lost-on-crash'
  | 'clock-step'
  /** A ring or queue of the sensor was full: counted there, by cgroup and type. */
  | 'lost-in-sensor'
  /** A proxy could keep no more while the server was away: counted there. */
  | 'lost-in-proxy'
  /** The sensor was away or restarted: what happened meanwhile was not seen. */
  | 'sensor-silent'
