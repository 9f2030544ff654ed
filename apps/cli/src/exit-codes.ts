/** Every exit code of the command, and the only place that chooses one. */
export const EXIT = {
  done: 0,
  'check-failed': 1,
  usage: 2,
  partial: 3,
  'not-found': 4,
  denied: 5,
  conflict: 6,
  unavailable: 69,
  /** A fault of ours (sysexits EX_SOFTWARE). */
  fault: 70,
  'try-later': 75,
  interrupted: 130,
  terminated: 143,
} as const

export type ExitName = keyof typeof EXIT

/** What stricli reports below zero: -5 an unknown command, -4 bad arguments; the rest are faults of ours. */
export function exitCodeOf(code: number): number {
  if (code >= 0) return code
  return code === -5 || code === -4 ? EXIT.usage : EXIT.fault
}

/** The exit that an HTTP status of our own server leads to; 0 stands for no answer at all. */
export function exitOfStatus(status: number): ExitName {
  if (status === 0 || status === 502 || status === 504) return 'unavailable'
  if (status === 401 || status === 403) return 'denied'
  if (status === 404 || status === 410) return 'not-found'
  if (status === 409 || status === 412) return 'conflict'
  if (status === 429 || status === 503) return 'try-later'
  return status < 500 ? 'usage' : 'fault'
}
