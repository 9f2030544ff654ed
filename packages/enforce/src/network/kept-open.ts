import { addressBits } from '@holdfast/model'
import type { GeneratorFacts } from '../generator.ts'
import { clusterService } from './cilium-rules.ts'

/** A place that no policy of ours may cut: a name server, the collector. */
export type KeptOpen = {
  readonly what: 'dns' | 'collector'
  readonly host: string
  readonly isAddress: boolean
  readonly port: number
  readonly protocol: 'tcp' | 'udp'
}

/**
 * Name servers and collectors, each once; a name server answers over both transports. Those on loopback are destinations to a
 * list of a host, where somebody else listens there, and to none of a pod.
 */
export function keptOpen(
  { platform }: Pick<GeneratorFacts, 'platform'>,
  { isOnHost = false }: { readonly isOnHost?: boolean } = {},
): readonly KeptOpen[] {
  const all = [
    ...platform.dns.flatMap((text) => (['udp', 'tcp'] as const).flatMap((protocol) => parse(text, 'dns', protocol))),
    ...platform.collector.flatMap((text) => parse(text, 'collector')),
  ]
  const seen = new Set<string>()
  return all.filter((one) => {
    const key = JSON.stringify(one)
    if (seen.has(key) || (!isOnHost && isLoopback(one.host))) return false
    seen.add(key)
    return true
  })
}

/** What is to be said where the collector is known on its own machine's loopback alone: no pod reaches it there. */
export function collectorSpots(kept: readonly KeptOpen[]): readonly string[] {
  return kept.some(({ what }) => what === 'collector')
    ? []
    : [
        'no place is known at which pods reach the collector: their telemetry stays open only as far as they were seen to send it',
      ]
}

/** Places that are told by a name of which no address is known: a layer that knows no names would cut them. */
export function namesWithoutAddress(kept: readonly KeptOpen[], names: GeneratorFacts['names']): readonly string[] {
  return kept
    .filter(
      ({ host, isAddress }) =>
        !isAddress && clusterService(host) === undefined && addressesOf(host, names).length === 0,
    )
    .map(({ host }) => host)
}

/** Addresses that the name was seen at, in order. */
export function addressesOf(name: string, names: GeneratorFacts['names']): readonly string[] {
  return [...names].flatMap(([address, own]) => (own.includes(name) ? [address] : [])).toSorted()
}

/** `address:port/protocol`, with IPv6 in brackets or without. */
function parse(text: string, what: KeptOpen['what'], protocol?: 'tcp' | 'udp'): readonly KeptOpen[] {
  const match = /^\[?(.+?)\]?:(\d{1,5})(?:\/(tcp|udp))?$/i.exec(text)
  const [, host = '', port = '', stated] = match ?? []
  if (match === null || Number(port) > 65_535) return []
  const isAddress = addressBits(host) !== undefined
  const said = stated?.toLowerCase() === 'udp' ? 'udp' : 'tcp'
  return [{ what, host: host.toLowerCase(), isAddress, port: Number(port), protocol: protocol ?? said }]
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (addressBits(host) === 32 && host.startsWith('127.'))
}
