import type { Allowed } from './sensor.ts'

/**
 * Destinations that a program on a host may reach, as a document: `{"version":1,"egress":[...],"default":"deny"}`. The order of
 * the entries counts: a violation cites the artifact and a pointer into it.
 */
export type HostEgress = {
  readonly version: 1
  /**
   * An entry with a name stands for the addresses that a name server gives it. In a name `*` stands for any letters, digits,
   * `-` and `_` of one label; such a name can be known from answers alone.
   */
  readonly egress: readonly Allowed[]
  /** What is not listed. There is no other value: a list that lets all else through is none. */
  readonly default: 'deny'
}

/** Entries of one list: what the kernel's map of a cgroup holds, with room for the addresses behind names. */
export const HOST_EGRESS_ENTRIES = 4_096

/** Reads a document. Untrusted: what is not understood refuses all of it, in words that name the place. */
export function parseHostEgress(given: unknown): HostEgress | { readonly fault: string } {
  const fields = fieldsOf(given)
  if (fields === undefined) return { fault: 'an egress list is an object' }
  const unknown = Object.keys(fields).find((key) => !['version', 'egress', 'default'].includes(key))
  if (unknown !== undefined) return { fault: `an egress list has no field ${JSON.stringify(unknown)}` }
  const { version, egress } = fields
  if (version !== 1) return { fault: `version ${JSON.stringify(version)} is none that is known here: 1` }
  if (fields['default'] !== 'deny') return { fault: 'default: is "deny"' }
  if (!Array.isArray(egress)) return { fault: 'egress: is no list' }
  if (egress.length > HOST_EGRESS_ENTRIES) return { fault: `egress: has more than ${HOST_EGRESS_ENTRIES} entries` }
  const entries: Allowed[] = []
  for (const [at, one] of (egress as readonly unknown[]).entries()) {
    const entry = entryOf(one)
    if (typeof entry === 'string') return { fault: `egress[${at}]: ${entry}` }
    entries.push(entry)
  }
  return { version: 1, egress: entries, default: 'deny' }
}

function entryOf(given: unknown): Allowed | string {
  const fields = fieldsOf(given)
  if (fields === undefined) return 'is no object'
  const { address, name, prefix, port, protocol } = fields
  if (protocol !== 'tcp' && protocol !== 'udp') return 'protocol: is "tcp" or "udp"'
  if (!isWhole(port, 65_535)) return 'port: is a whole number from 0, which is any, to 65535'
  const known = address === undefined ? ['name', 'port', 'protocol'] : ['address', 'prefix', 'port', 'protocol']
  const other = Object.keys(fields).find((key) => !known.includes(key))
  if (other !== undefined) return `has a field ${JSON.stringify(other)}, which is none of ${known.join(', ')}`
  if (address === undefined) {
    if (typeof name !== 'string' || name.length > 253 || !NAME.test(name)) return 'name: is no DNS name'
    return { name: name.toLowerCase(), port, protocol }
  }
  const bits = typeof address === 'string' ? addressBits(address) : undefined
  if (typeof address !== 'string' || bits === undefined) return 'address: is no IP address'
  if (!isWhole(prefix, bits)) return `prefix: is a whole number from 0 to ${bits}`
  return { address, prefix, port, protocol }
}

/** Bits of the family that an IP address as text is of; undefined for other text. */
export function addressBits(text: string): 32 | 128 | undefined {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) {
    // A leading zero is octal to some readers, so it is no address to us.
    return text.split('.').every((part) => String(Number(part)) === part && Number(part) < 256) ? 32 : undefined
  }
  return isV6(text) ? 128 : undefined
}

function isV6(text: string): boolean {
  const dotted = /^(.*:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text)
  const [, head = '', tail = ''] = dotted ?? []
  if (dotted !== null && addressBits(tail) !== 32) return false
  const whole = dotted === null ? text : `${head}0:0`
  const halves = whole.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false
  return halves.length === 2 ? groups.length < 8 : groups.length === 8
}

const NAME = /^(?!-)[-a-z0-9_*]+(?:\.[-a-z0-9_*]+)*$/i

function isWhole(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return value as Readonly<Record<string, unknown>> // an object that is no list
}
