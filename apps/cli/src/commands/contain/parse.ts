import { isIP } from 'node:net'
import type { AllowedAddress } from '@holdfast/model'

const UNITS: ReadonlyMap<string, number> = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
])

/** `30m` in milliseconds; `0` is never. */
export function parseDuration(text: string): number {
  if (text === '0') return 0
  const [, count = '', unit = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? []
  const unitMs = UNITS.get(unit)
  if (unitMs === undefined) throw new SyntaxError('a time is a number with s, m, h or d: 30m')
  return Number(count) * unitMs
}

/** `10.0.0.7:443`, `10.0.0.0/8:443`, `[fd00::1]:53/udp`; port 0 is any. */
export function parseAllow(text: string): AllowedAddress {
  const [, six, four, prefix, port = '', protocol = 'tcp'] =
    /^(?:\[([0-9a-f:.]+)\]|([0-9.]+))(?:\/(\d{1,3}))?:(\d{1,5})(?:\/(tcp|udp))?$/i.exec(text) ?? []
  const address = six ?? four ?? ''
  const family = isIP(address)
  const most = family === 6 ? 128 : 32
  if (family === 0 || Number(port) > 65_535 || Number(prefix ?? 0) > most) {
    throw new SyntaxError('what may be reached is ADDRESS:PORT, as 10.0.0.7:443 or [fd00::1]:53/udp')
  }
  return {
    address,
    prefix: prefix === undefined ? most : Number(prefix),
    port: Number(port),
    protocol: protocol === 'udp' ? 'udp' : 'tcp',
  }
}
