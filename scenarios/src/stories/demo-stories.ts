import { setTimeout as wait } from 'node:timers/promises'
import { ask, type HoldfastAddress } from '../incidents/holdfast.ts'
import type { IncidentScenarioName } from '../incidents/names.ts'
import { noPrivateNetwork } from '../incidents/network/private-network.ts'
import { LOOK_MS, SENSOR_WITHIN_MS } from './limits.ts'

/** Stories of the demo that need nothing but this machine. */
const ANYWHERE = ['sanctioned-bucket', 'refund-agent', 'benign-rollout'] as const
/** An escape takes a kernel that is watched. */
const ESCAPE = 'six-events-b'
/** The nearest that needs none: an agent that acts by the role of its node. */
const INSTEAD = 'batch-extractor'

/** All stories that a demo may have. */
export const DEMO_STORIES = [...ANYWHERE, ESCAPE, INSTEAD] as const satisfies readonly IncidentScenarioName[]

export type DemoStoryName = (typeof DEMO_STORIES)[number]

type StoriesHere = {
  readonly names: readonly DemoStoryName[]
  /** A sensor watches this machine, so that an agent that stays can be held. */
  readonly canHold: boolean
  /** Why one is told in the place of another. */
  readonly instead?: string
}

/** Which stories are told here: the escape where a kernel can be watched, else another in its place, and why. */
export async function storiesHere(holdfast: HoldfastAddress, signal?: AbortSignal): Promise<StoriesHere> {
  const obstacle = await obstacleHere(holdfast, signal)
  if (obstacle === undefined) return { names: [...ANYWHERE, ESCAPE], canHold: true }
  return {
    names: [...ANYWHERE, INSTEAD],
    canHold: false,
    instead: `told in place of an escape, which cannot be seen here: ${obstacle}`,
  }
}

// The shape is that of the route (packages/api).
type Sensors = {
  readonly local: { readonly state: string; readonly obstacles: readonly { readonly detail: string }[] }
}

/** Why no act can be watched here, once the server's own sensor runs or has said that it cannot; undefined where they can. */
async function obstacleHere(holdfast: HoldfastAddress, signal?: AbortSignal): Promise<string | undefined> {
  const none = noPrivateNetwork()
  if (none !== undefined) return none
  for (const until = Date.now() + SENSOR_WITHIN_MS; ; await wait(LOOK_MS, undefined, { signal })) {
    const { local } = await ask<Sensors>(holdfast, '/sensors')
    if (local.state === 'running') return undefined
    const why = local.obstacles.map(({ detail }) => detail).join('; ')
    if (local.state !== 'starting' || Date.now() > until) return why === '' ? `the sensor is ${local.state}` : why
  }
}
