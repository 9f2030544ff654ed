import { uptime } from 'node:os'
import { CLOCK_STEP_NS } from '../limits.ts'

/**
 * What must be added to the boot clock for wall clock time. Measured again and again, because an operator or NTP may step
 * the wall clock; while it is only slewed the first measurement is kept, so that sources stay the same.
 */
export class BootClock {
  #offset: bigint
  readonly #measure: () => bigint
  #steps = 0

  constructor(options: { readonly first: bigint; readonly measure?: () => bigint }) {
    this.#offset = options.first
    this.#measure = options.measure ?? measuredOffset
  }

  get offset(): bigint {
    return this.#offset
  }

  /** Steps of the wall clock that were noticed. */
  get steps(): number {
    return this.#steps
  }

  /** Measures anew; the size of the step where there was one. */
  check(): bigint | undefined {
    const now = this.#measure()
    const moved = now - this.#offset
    if (moved <= CLOCK_STEP_NS && moved >= -CLOCK_STEP_NS) return undefined
    this.#offset = now
    this.#steps += 1
    return moved
  }
}

/** libuv reads `CLOCK_BOOTTIME` where it can, else /proc/uptime, which counts hundredths of a second. */
function measuredOffset(): bigint {
  return BigInt(Date.now()) * 1_000_000n - BigInt(Math.round(uptime() * 1_000_000_000))
}
