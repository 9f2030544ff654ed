import { foldText, keyOf } from './volatile.ts'

/** `host:port`, with an address as it is: which name it goes by is known from DNS answers, whenever they come. */
export function destinationKey(host: string, port: number | undefined): string {
  const name = host
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    // To the very end, over lines too: each slash before a line end would be tried to no avail.
    .replace(/[/?#].*$/s, '')
    .replace(/^\[(.*)\](?::\d+)?$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase()
  const stated = !isAddress(name) ? /^(.*):(\d{1,5})$/.exec(name) : null
  return keyOf(`${stated?.[1] ?? name}:${port ?? stated?.[2] ?? '-'}`)
}

/** An IPv4 address, or what holds two colons: no name does, and a name with a port holds one. */
function isAddress(host: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) || /:.*:/.test(host)
}

/** The port that a protocol has unless told. */
export function portOf(protocol: string): number | undefined {
  const known: Readonly<Record<string, number>> = {
    https: 443,
    http: 80,
    wss: 443,
    ws: 80,
    postgresql: 5432,
    mysql: 3306,
    redis: 6379,
  }
  return Object.hasOwn(known, protocol.toLowerCase()) ? known[protocol.toLowerCase()] : undefined
}

/** The address of a {@link destinationKey}; undefined where it holds a name. */
export function addressOf(key: string): string | undefined {
  const host = key.slice(0, key.lastIndexOf(':'))
  return isAddress(host) ? host : undefined
}

/**
 * The key as the profile shows it: under the name that a DNS answer gave the address, else under the class of the address,
 * because the addresses behind one service change by the hour. Of several names the first in order stands for them all.
 */
export function namedDestination(key: string, names: readonly string[]): string {
  const address = addressOf(key)
  const port = key.slice(key.lastIndexOf(':') + 1)
  if (address === undefined) return keyOf(foldHost(key.slice(0, -port.length - 1)) + `:${port}`)
  const name = names.toSorted()[0]
  return keyOf(`${name === undefined ? addressClass(address) : foldHost(name)}:${port}`)
}

/** Which part of the address space it lies in (RFC 6890). */
export function addressClass(address: string): string {
  const v4 = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}$/i.exec(address)
  if (v4 !== null) {
    const [a, b] = [Number(v4[1]), Number(v4[2])]
    if (a === 127) return 'loopback'
    if (a === 169 && b === 254) return address.endsWith('169.254.169.254') ? 'instance metadata' : 'link-local'
    if (a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168)) return 'private address'
    if (a === 100 && b >= 64 && b < 128) return 'private address'
    return a >= 224 ? 'multicast' : a === 0 ? 'unspecified' : 'public address'
  }
  const text = address.toLowerCase()
  if (text === '::1') return 'loopback'
  if (text === '::') return 'unspecified'
  if (/^fe[89ab]/.test(text)) return 'link-local'
  if (/^f[cd]/.test(text)) return 'private address'
  return text.startsWith('ff') ? 'multicast' : 'public address'
}

/** A label with a number is one of many; a host whose whole name is made of them stays one name. */
function foldHost(name: string): string {
  const labels = name.split('.')
  if (labels.length < 4) return name
  // `ip-10-0-3-7.eu-west-1.compute.internal` and its neighbours: only the first label tells machines apart.
  return [foldText(labels[0] ?? ''), ...labels.slice(1)].join('.')
}
