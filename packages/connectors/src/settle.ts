import type { EffectProbe } from '@holdfast/respond'

import type { ConnectorClock } from './connector.ts'

type Patience = { readonly clock: ConnectorClock; readonly deadlineMs: number; readonly everyMs: number }

/**
 * Tries until everything holds or the time is over: other systems take a while to make true what they accepted. The last
 * try is the answer, so that what never came to hold is told as it was seen last. Rejects where the last try could not look:
 * that has neither confirmed nor refuted anything.
 */
export async function settled(
  attempt: () => Promise<readonly EffectProbe[]>,
  { clock, deadlineMs, everyMs }: Patience,
): Promise<readonly EffectProbe[]> {
  const end = clock.now() + deadlineMs
  for (;;) {
    const isLast = clock.now() + everyMs > end
    try {
      const probes = await attempt()
      if (isLast || probes.every(({ held }) => held)) return probes
    } catch (error) {
      if (isLast) throw error
    }
    await clock.wait(everyMs)
  }
}
