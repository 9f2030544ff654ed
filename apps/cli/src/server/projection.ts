import { setTimeout as delay } from 'node:timers/promises'
import { PROGRESS_MS, PROJECTION_WAIT_MS } from '../limits.ts'
import type { Api } from './api.ts'

/**
 * Waits until what was recorded up to now is in the views that lists are read from, so that the next command finds it.
 * Returns how many entries they are behind: 0, or more where the wait has its end first. `onWait` is told, about every five
 * seconds, how far they are.
 */
export async function awaitProjection(
  api: Api,
  signal: AbortSignal,
  onWait?: (folded: { readonly entries: number; readonly of: number }) => void,
): Promise<number> {
  const { size } = await api.call('getIntegrity')
  const end = performance.now() + PROJECTION_WAIT_MS
  let toldAt = performance.now()
  for (;;) {
    const { projection } = await api.call('getIntegrity')
    const behind = Math.max(0, size - projection.cursor)
    if (behind === 0 || performance.now() > end) return behind
    if (performance.now() - toldAt > PROGRESS_MS) {
      onWait?.({ entries: projection.cursor, of: size })
      toldAt = performance.now()
    }
    await delay(100, undefined, { signal })
  }
}
