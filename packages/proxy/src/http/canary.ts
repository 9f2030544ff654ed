import { CANARY_MS } from '../limits.ts'
import type { HttpProxy } from './listen.ts'

/** A proxy on which a message that is made up can be tried: true where its upstream would have got it. */
export type TriedProxy = HttpProxy & { readonly reachesUpstream: (message: Buffer) => Promise<boolean> }

/** Field by which a proxy knows a message of its own; the value is a secret of this run. */
export const CANARY = 'holdfast-canary'

/** Sends the message the way that every client's goes. The proxy itself says whether it would have gone on. */
export async function isThrough(
  url: string,
  { message, canary }: { readonly message: Buffer; readonly canary: string },
): Promise<boolean> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [CANARY]: canary },
    body: Uint8Array.from(message),
    signal: AbortSignal.timeout(CANARY_MS),
  })
  await answer.arrayBuffer()
  return answer.headers.get(CANARY) === 'through'
}
