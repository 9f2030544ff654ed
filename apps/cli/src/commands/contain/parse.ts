import { isIP } from 'node:net'
import type { Allowed } from '@holdfast/model'

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

/** `10.0.0.7:443`, `10.0.0.0/8:443`, `[fd00::1]:53/udp`, `api.example.com:443`; port 0 is any. */
export function parseAllow(text: string): Allowed {
  const [, six, other, prefix, port = '', to] =
    /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?:\/(\d{1,3}))?:(\d{1,5})(?:\/(tcp|udp))?$/i.exec(text) ?? []
  const protocol = to?.toLowerCase() === 'udp' ? 'udp' : 'tcp'
  const host = six ?? other ?? ''
  const family = isIP(host)
  const most = family === 6 ? 128 : 32
  if (Number(port) > 65_535 || Number(prefix ?? 0) > most) throw notAllowed()
  if (family !== 0) {
    return { address: host, prefix: prefix === undefined ? most : Number(prefix), port: Number(port), protocol }
  }
  // A name has a letter in its last part: 10.0.0 is no name, and neither is a misspelled address.
  const isName = /^(?=.{1,253}$)([a-z0-9_-]{1,63}\.)+[a-z0-9-]*[a-z][a-z0-9-]*$/i.test(host)
  if (six !== undefined || prefix !== undefined || !isName) throw notAllowed()
  return { name: host.toLowerCase(), port: Number(port), protocol }
}

function notAllowed(): SyntaxError {
  return new SyntaxError('what may be reached is ADDRESS:PORT or NAME:PORT, as 10.0.0.7:443 or api.example.com:443')
}
