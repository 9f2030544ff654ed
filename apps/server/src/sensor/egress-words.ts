import { hash } from 'node:crypto'
import { BlockList, isIPv6 } from 'node:net'
import type { Allowed, EgressList } from '@holdfast/model'

/**
 * What the log says of an egress list before it is put on: its artifact, and the list itself by digest, because the list may hold
 * more than the artifact does. That it opens the loopback interface to others' listeners is said outright.
 */
export function egressWords({ artifact, mode, allow }: Pick<EgressList, 'artifact' | 'mode' | 'allow'>): string {
  const entries = `${allow.length} ${allow.length === 1 ? 'entry' : 'entries'}, SHA-256 ${hash('sha256', JSON.stringify(allow))}`
  return `egress list ${artifact} (${mode}${allow.some(opensLoopback) ? ', loopback any' : ''}; ${entries})`
}

/** Every port there: an entry for one port is one listener, which a profile may name. */
function opensLoopback(one: Allowed): boolean {
  if (!('address' in one) || one.port !== 0) return false
  const range = new BlockList()
  const family = isIPv6(one.address) ? 'ipv6' : 'ipv4'
  range.addSubnet(one.address, one.prefix, family)
  return family === 'ipv4' ? range.check('127.0.0.1') : LOOPBACK6.some((address) => range.check(address, 'ipv6'))
}

const LOOPBACK6 = ['::1', '::ffff:127.0.0.1']
