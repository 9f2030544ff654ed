import { isIPv4, isIPv6 } from 'node:net'
import type { AllowedAddress } from '@holdfast/model'

/** The port of DNS. */
const DNS = 53

/**
 * The name servers on the loopback interface that `resolv.conf` names, for both protocols. A machine whose resolver is a program
 * of its own (127.0.0.53 of systemd) asks through it, and no profile holds it: it holds what leaves the machine.
 */
export function loopbackResolvers(resolvConf: string): readonly AllowedAddress[] {
  const servers = resolvConf.split('\n').flatMap((line) => {
    const [word, address = ''] = line.trim().split(/\s+/)
    return word === 'nameserver' && isLoopback(address) ? [address] : []
  })
  return [...new Set(servers)].flatMap((address) =>
    (['udp', 'tcp'] as const).map((protocol) => ({ address, prefix: isIPv6(address) ? 128 : 32, port: DNS, protocol })),
  )
}

function isLoopback(address: string): boolean {
  return (isIPv4(address) && address.startsWith('127.')) || address === '::1'
}
