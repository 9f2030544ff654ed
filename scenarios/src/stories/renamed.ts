import { setTimeout as wait } from 'node:timers/promises'
import type { Answer } from '@holdfast/api'
import { AnswerError, ask, type HoldfastAddress } from '../incidents/holdfast.ts'
import { LOOK_MS, SETTLED_WITHIN_MS } from './limits.ts'

/**
 * Steps whose incident goes by another id now, with that id: what is recorded while the other stories are told can join it. Waits
 * until nothing is left to be judged, {@link SETTLED_WITHIN_MS} at most. One whose incident is gone is left out: so is its id then.
 */
export async function renamed<Step extends { readonly incident?: string }>(
  holdfast: HoldfastAddress,
  { steps, signal }: { readonly steps: readonly Step[]; readonly signal: AbortSignal | undefined },
): Promise<readonly Step[]> {
  if (signal?.aborted === true || steps.every(({ incident }) => incident === undefined)) return []
  await settled(holdfast, signal)
  const now = await Promise.all(
    steps.map(async (step) => {
      const incident = step.incident === undefined ? undefined : await currentId(holdfast, step.incident)
      return incident === undefined || incident === step.incident ? [] : [{ ...step, incident }]
    }),
  )
  return now.flat()
}

async function settled(holdfast: HoldfastAddress, signal: AbortSignal | undefined): Promise<void> {
  const until = Date.now() + SETTLED_WITHIN_MS
  while (Date.now() < until && signal?.aborted !== true) {
    const { projection } = await ask<Answer<'getIntegrity'>>(holdfast, '/integrity')
    const { waiting } = await ask<Answer<'listIncidents'>>(holdfast, '/incidents?outcome=all&limit=1')
    if (projection.lag === 0 && waiting === 0) return
    // An abort ends the wait, and then the loop.
    await wait(LOOK_MS, undefined, { signal }).catch(() => undefined)
  }
}

/** Undefined where there is none by this id, nor by it before. */
async function currentId(holdfast: HoldfastAddress, incident: string): Promise<string | undefined> {
  try {
    return (await ask<Answer<'getIncident'>>(holdfast, `/incidents/${encodeURIComponent(incident)}`)).id
  } catch (fault) {
    if (fault instanceof AnswerError && fault.status === 404) return undefined
    throw fault
  }
}
