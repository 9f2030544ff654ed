import { randomBytes } from 'node:crypto'
import { MAX_HOPS } from './limits.ts'

/** Names each server that passed a request on, so that one that comes back is known, however many lie between. */
export const HOPS_HEADER = 'holdfast-forwarded-by'

const HOPS = /^[0-9a-f]{16}(?:,[0-9a-f]{16})*$/

/** A name of this server, for as long as it runs. */
export function drawHop(): string {
  return randomBytes(8).toString('hex')
}

/** What the header says; nobody where it is absent or is none of ours. Untrusted. */
export function parseHops(header: string | readonly string[] | undefined): readonly string[] {
  const text = typeof header === 'string' ? header.slice(0, 17 * (MAX_HOPS + 1)) : ''
  return HOPS.test(text) ? text.split(',') : []
}
