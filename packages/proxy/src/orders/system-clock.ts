import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'
import type { OrderClock } from './order-book.ts'

/** The clocks of this machine; which boot it is is known on Linux. */
export function systemClock(): OrderClock {
  return {
    nowMs: () => performance.now(),
    wallMs: () => Date.now(),
    boot: bootId(),
    sinceBootMs: () => uptime() * 1_000,
  }
}

function bootId(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    // No Linux: the wall clock is used over a restart.
    return undefined
  }
}
