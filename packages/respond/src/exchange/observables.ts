/** Something by which others can look for the same: an address, a name, a file. Values are captured: untrusted. */
export type Observable = {
  readonly kind: 'domain' | 'ipv4' | 'ipv6' | 'url' | 'email' | 'file' | 'account'
  readonly value: string
  /** The instruction brought it, or the deed went there: more than a thing that was seen beside. */
  readonly isIndicator: boolean
  readonly count: number
  /** RFC 3339 in UTC. */
  readonly first: string
  readonly last: string
  readonly entries: readonly number[]
}
