import { isIP } from 'node:net'
import { z } from 'zod'

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/**
 * The address that `/v1/traces`, `/v1/logs` and `/v1/metrics` stand under, without a slash at its end. The text itself is in
 * no message: who writes a credential into it should not read it in a log.
 */
export const endpointSchema = z.string().transform((text, context) => {
  const url = URL.parse(text)
  const mistake = url === null ? 'an address such as https://collector.example:4318 is meant' : objectionOf(url)
  if (url !== null && mistake === undefined) return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
  context.addIssue(mistake ?? '')
  return z.NEVER
})

function objectionOf(url: URL): string | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'the address begins with https:// or http://'
  if (url.username !== '' || url.password !== '')
    return 'credentials do not belong into an address: --forward-otlp-headers FILE'
  if (url.search !== '' || url.hash !== '') return 'the address has no query and no fragment'
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) return 'http is for this machine alone: use https'
  return undefined
}

/** Whether the endpoint is the listener at `port` of this server. A name of this machine that is not its own is known by {@link HOPS_HEADER}. */
export function isOwnListener(endpoint: string, port: number): boolean {
  const url = new URL(endpoint)
  const own = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  return own === port && (LOOPBACK.test(url.hostname) || isUnspecified(url.hostname))
}

/** Systems take it for this machine. */
function isUnspecified(hostname: string): boolean {
  const address = hostname.replace(/^\[(.*)\]$/, '$1')
  return isIP(address) !== 0 && (address === '0.0.0.0' || address === '::')
}
