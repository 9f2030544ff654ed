import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'

/** Whether an address may be connected to, and if not why. */
export type AddressVerdict = { readonly status: 'allowed' } | { readonly status: 'refused'; readonly reason: string }

/**
 * Where credentials of the machine itself are handed out. Refused even inside a range that is allowed: no notice is for them.
 * AWS, Azure, Google, Oracle and Alibaba, as their documentation has them.
 */
const METADATA = listOf([
  '169.254.169.254/32',
  '169.254.170.2/32',
  '169.254.170.23/32',
  '168.63.129.16/32',
  '100.100.100.200/32',
  '192.0.0.192/32',
  'fd00:ec2::254/128',
  'fd00:ec2::23/128',
  'fd20:ce::254/128',
])

/** Not global: IANA's special-purpose registries for IPv4 and IPv6, and what embeds an IPv4 address in an IPv6 one. */
const RESERVED: readonly (readonly [words: string, list: BlockList])[] = [
  ['a loopback address', listOf(['127.0.0.0/8', '::1/128'])],
  ['a link-local address', listOf(['169.254.0.0/16', 'fe80::/10'])],
  ['a private address', listOf(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fec0::/10'])],
  ['a carrier’s shared address', listOf(['100.64.0.0/10'])],
  ['no address of a host', listOf(['0.0.0.0/8', '224.0.0.0/4', '240.0.0.0/4', '::/128', 'ff00::/8'])],
  [
    'an address for documents and tests',
    listOf(['192.0.2.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20']),
  ],
  ['an address of a protocol', listOf(['192.0.0.0/24', '192.88.99.0/24', '100::/64', '2001::/23', '5f00::/16'])],
]

/** IPv6 forms that carry an IPv4 address: mapped, compatible, translated (NAT64, also for local use) and 6to4. */
const EMBEDDING = listOf(['::/96', '::ffff:0:0/96', '::ffff:0:0:0/96', '64:ff9b::/96', '64:ff9b:1::/48', '2002::/16'])

/** `::` and `::1` lie in the range of compatible addresses, and carry none. */
const OWN = listOf(['::/127'])

/**
 * Whether `address` is one of the internet at large, or of a range that the operator allowed. The cloud's metadata is
 * neither, and an IPv6 address that carries an IPv4 one is refused: whoever means that says it.
 */
export function judgeAddress(address: string, allowed: BlockList): AddressVerdict {
  const family = familyOf(address)
  if (family === undefined) return refused(`"${address}" is no address`)
  if (METADATA.check(address, family)) return refused(`${address} hands out credentials of the machine`)
  if (family === 'ipv6' && EMBEDDING.check(address, family) && !OWN.check(address, family))
    return refused(`${address} carries an IPv4 address`)
  if (allowed.check(address, family)) return { status: 'allowed' }
  const found = RESERVED.find(([, list]) => list.check(address, family))
  return found === undefined ? { status: 'allowed' } : refused(`${address} is ${found[0]}`)
}

/** True for addresses of this machine itself. */
export function isLoopback(address: string): boolean {
  const family = familyOf(address)
  return family !== undefined && (RESERVED[0]?.[1].check(address, family) ?? false)
}

/** A range as `10.1.0.0/16`, or one address; undefined where it is neither. */
export function parseRange(text: string): { readonly address: string; readonly prefix: number } | undefined {
  const [address = '', prefix, more] = text.split('/')
  const most = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1
  if (most < 0 || more !== undefined) return undefined
  if (prefix === undefined) return { address, prefix: most }
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= most ? { address, prefix: Number(prefix) } : undefined
}

/** Ranges that an operator allows. Throws TypeError for what is none. */
export function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const text of ranges) {
    const range = parseRange(text)
    if (range === undefined) throw new TypeError(`"${text}" is no address and no range of them`)
    list.addSubnet(range.address, range.prefix, isIPv4(range.address) ? 'ipv4' : 'ipv6')
  }
  return list
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  // A zone names an interface of this machine: nothing out there has one.
  if (address.includes('%')) return undefined
  return { 0: undefined, 4: 'ipv4' as const, 6: 'ipv6' as const }[isIP(address)]
}

function refused(reason: string): AddressVerdict {
  return { status: 'refused', reason }
}
