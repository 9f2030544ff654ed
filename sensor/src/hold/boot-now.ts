import { readFileSync } from 'node:fs'

/** `CLOCK_BOOTTIME` in ns, which Node does not show: time since the start of the machine, sleep included, to 10 ms. */
export function bootNow(): bigint {
  const [seconds = '0'] = readFileSync('/proc/uptime', 'utf8').split(' ')
  return BigInt(Math.round(Number(seconds) * 100)) * 10_000_000n
}
