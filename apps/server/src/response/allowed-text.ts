import { isIP } from 'node:net'
import type { Allowed } from '@holdfast/model'

/** What may still be reached, in one line that is shown, hashed with the plan and read again: `10.0.0.7/32:443/tcp`. */
export function allowedText(allowed: Allowed): string {
  const end = `:${allowed.port}/${allowed.protocol}`
  if ('name' in allowed) return `${allowed.name}${end}`
  const { address, prefix } = allowed
  return `${address.includes(':') ? `[${address}]` : address}/${prefix}${end}`
}

/** Undefined for what {@link allowedText} did not write. */
export function parseAllowed(text: string): Allowed | undefined {
  const [, six, other = '', prefix, port = '', protocol] =
    /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?:\/(\d{1,3}))?:(\d{1,5})\/(tcp|udp)$/.exec(text) ?? []
  if (protocol !== 'tcp' && protocol !== 'udp') return undefined
  const host = six ?? other
  const shared = { port: Number(port), protocol } as const
  if (prefix === undefined) return isIP(host) === 0 ? { name: host, ...shared } : undefined
  return isIP(host) === 0 ? undefined : { address: host, prefix: Number(prefix), ...shared }
}
