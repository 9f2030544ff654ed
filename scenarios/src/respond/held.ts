import { setTimeout as wait } from 'node:timers/promises'
import type { Stage } from '../incidents/stage.ts'
import { LOOK_MS, PULSES_LOOKED, SETTLED_WITHIN_MS } from './limits.ts'

/** How an agent fared once its hold was confirmed. */
export type HeldAgent = {
  readonly deployment: string
  readonly isAlive: boolean
  /** Tries of its outside since then, and those of them of which anything was answered. */
  readonly pulses: number
  readonly through: number
  /** Bytes that left by the interface to the outside between the first and the last of them. */
  readonly sentBytes: number
}

/** What the agents of a stage find of their outside from now on; of one that was ended, that it was. */
export async function heldAgents({ live, signal }: Stage): Promise<readonly HeldAgent[]> {
  const from = Date.now()
  const until = from + SETTLED_WITHIN_MS
  return await Promise.all(
    [...(live?.agents ?? [])].map(async ([deployment, agent]) => {
      for (;;) {
        const since = agent.pulses?.().filter(({ at }) => at > from) ?? []
        if (agent.pulses === undefined || since.length >= PULSES_LOOKED || agent.hasEnded() || Date.now() > until) {
          const through = since.filter(({ open, fresh }) => open === 'through' || fresh === 'through').length
          const sentBytes = (since.at(-1)?.sent ?? 0) - (since[0]?.sent ?? 0)
          return { deployment, isAlive: !agent.hasEnded(), pulses: since.length, through, sentBytes }
        }
        await wait(LOOK_MS, undefined, { signal })
      }
    }),
  )
}
