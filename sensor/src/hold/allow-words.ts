import type { AllowedAddress } from '@holdfast/model'

/** FAMILY ADDRESS/PREFIX PORT PROTOCOL, as SPEC S4 has them. */
export function wordsOf({ address, prefix, port, protocol }: AllowedAddress): readonly (string | number)[] {
  return [address.includes(':') ? 6 : 4, `${address}/${prefix}`, port, protocol]
}
