import { setTimeout as wait } from 'node:timers/promises'
import type { Answer } from '@holdfast/api'
import { ask, type HoldfastAddress } from '../incidents/holdfast.ts'
import { STAYS_SECONDS } from '../respond/limits.ts'
import { STANDS_LOOK_MS } from './limits.ts'

/**
 * Resolves once agents of a demo have no reason to stay: the signal is aborted, the demo was removed, its server is gone, or
 * {@link STAYS_SECONDS} are over.
 */
export async function untilOver(
  holdfast: HoldfastAddress,
  { demo, signal }: { readonly demo: string; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const until = Date.now() + STAYS_SECONDS * 1_000
  while (signal?.aborted !== true && Date.now() < until && (await stands(holdfast, demo)))
    // An abort ends the wait, and then the loop.
    await wait(STANDS_LOOK_MS, undefined, { signal }).catch(() => undefined)
}

async function stands(holdfast: HoldfastAddress, demo: string): Promise<boolean> {
  try {
    const { items } = await ask<Answer<'getDemo'>>(holdfast, '/demo')
    return items.some(({ id }) => id === demo)
  } catch {
    // A server that does not answer has nobody left who could be held.
    return false
  }
}
