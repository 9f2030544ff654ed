import { lookup } from 'node:dns/promises'
import type { BlockList } from 'node:net'
import { judgeAddress } from './addresses.ts'
import { ADDRESSES_OF_NAME } from './limits.ts'

export type NotPinned =
  /** Nothing was sent: the address is none that may be reached. */
  | { readonly status: 'not-allowed'; readonly reason: string }
  /** It could not be reached, or broke off: what was sent may have arrived. */
  | { readonly status: 'unreachable'; readonly reason: string }

/** All addresses of a name, in the order in which they are to be tried. */
export type Resolve = (name: string) => Promise<readonly string[]>

type PinOptions = { readonly allowed: BlockList; readonly resolve: Resolve; readonly signal: AbortSignal }

/**
 * The address that is connected to: looked up once, so that a second answer of the name server changes nothing. All addresses
 * of the name have to be allowed.
 */
export async function pinAddress(
  name: string,
  { allowed, resolve, signal }: PinOptions,
): Promise<{ readonly status: 'pinned'; readonly address: string } | NotPinned> {
  let addresses: readonly string[]
  try {
    addresses = (await Promise.race([resolve(name), aborted(signal)])).slice(0, ADDRESSES_OF_NAME)
  } catch (error) {
    return unreachable(error)
  }
  for (const address of addresses) {
    const verdict = judgeAddress(address, allowed)
    if (verdict.status === 'refused') return notAllowed(`${name}: ${verdict.reason}`)
  }
  const [address] = addresses
  return address === undefined
    ? { status: 'unreachable', reason: `${name} has no address` }
    : { status: 'pinned', address }
}

/** As the system looks names up. */
export async function resolveByHost(name: string): Promise<readonly string[]> {
  return (await lookup(name, { all: true, verbatim: true })).map(({ address }) => address)
}

export function notAllowed(reason: string): Extract<NotPinned, { readonly status: 'not-allowed' }> {
  return { status: 'not-allowed', reason }
}

/** The code of a fault alone: its message may hold addresses and what the other side sent. */
export function unreachable(error: unknown): Extract<NotPinned, { readonly status: 'unreachable' }> {
  if (!(error instanceof Error)) return { status: 'unreachable', reason: 'it failed' }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  const isLate = code === 'TimeoutError' || code === 'ABORT_ERR'
  return { status: 'unreachable', reason: isLate ? 'it did not answer in time' : code }
}

function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  return promise
}
