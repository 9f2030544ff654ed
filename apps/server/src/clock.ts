import type { UnixNano } from '@holdfast/model'

/** This machine's wall clock in nanoseconds, as exact as the system gives it: milliseconds. */
export function wallClock(): UnixNano {
  return (BigInt(Date.now()) * 1_000_000n) as UnixNano // the present is far below 2^64 ns
}
