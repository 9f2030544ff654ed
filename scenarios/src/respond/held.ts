import { setTimeout as wait } from 'node:timers/promises'
import type { Stage } from '../incidents/stage.ts'
import type { Member } from './crew.ts'
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
  /** Events of the kernel that were recorded of it meanwhile: the hold must not end the recording. */
  readonly kernelEvents: number
}

/** What the agents of a stage find of their outside from now on, and what is recorded of that; of one that was ended, that it was. */
export async function heldAgents({ live, signal }: Stage, { api }: Member): Promise<readonly HeldAgent[]> {
  const from = Date.now()
  const until = from + SETTLED_WITHIN_MS
  const { size } = await api.call('getIntegrity', {})
  return await Promise.all(
    [...(live?.agents ?? [])].map(async ([deployment, agent]) => {
      for (;;) {
        const since = agent.pulses?.().filter(({ at }) => at > from) ?? []
        if (agent.pulses === undefined || since.length >= PULSES_LOOKED || agent.hasEnded() || Date.now() > until) {
          const through = since.filter(({ open, fresh }) => open === 'through' || fresh === 'through').length
          const sentBytes = (since.at(-1)?.sent ?? 0) - (since[0]?.sent ?? 0)
          const isAlive = !agent.hasEnded()
          const kernelEvents = await recordedSince(size, { api, deployment, until: isAlive ? until : 0, signal })
          return { deployment, isAlive, pulses: since.length, through, sentBytes, kernelEvents }
        }
        await wait(LOOK_MS, undefined, { signal })
      }
    }),
  )
}

/** Kernel events of a Deployment from a log entry on, among its newest; waits for the first of them until it is too late. */
async function recordedSince(
  entry: number,
  of: Pick<Member, 'api'> & {
    readonly deployment: string
    readonly until: number
    readonly signal: AbortSignal | undefined
  },
): Promise<number> {
  const { api, deployment, until, signal } = of
  for (;;) {
    const { items: agents } = await api.call('listAgents', { query: { q: deployment } })
    const agent = agents.find(({ name }) => name === deployment)?.id
    const newest = agent === undefined ? [] : (await api.call('listEvents', { query: { agent, limit: 500 } })).items
    const found = newest.filter((event) => event.entry >= entry && event.source.tier === 'kernel').length
    if (found > 0 || Date.now() > until) return found
    await wait(LOOK_MS, undefined, { signal })
  }
}
