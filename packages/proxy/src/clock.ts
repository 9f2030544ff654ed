/** Further apart than this the wall clock was set: time goes on from what it says now. */
const STEP_MS = 50

let origin = performance.timeOrigin

/** Unix ns with the resolution of the monotonic clock, near the wall clock. */
export function unixNano(): bigint {
  const now = Date.now()
  if (Math.abs(origin + performance.now() - now) > STEP_MS) origin = now - performance.now()
  // Microseconds since 1970 are exact in a double until the year 2255.
  return BigInt(Math.round((origin + performance.now()) * 1000)) * 1000n
}
