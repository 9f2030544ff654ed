import type { HoldfastAddress } from '../incidents/holdfast.ts'
import type { IncidentScenarioName } from '../incidents/names.ts'
import { noPrivateNetwork } from '../incidents/network/private-network.ts'
import { sensorObstacle } from '../incidents/sensor-obstacle.ts'
import { SENSOR_WITHIN_MS } from './limits.ts'

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
  /** Why an agent that goes on cannot be held here; undefined where it can. */
  readonly cannotHold?: string
  /** Why one is told in the place of another. */
  readonly instead?: string
}

/**
 * Which stories are told here: the escape where it can be watched in a network of its own, else another in its place, and why. To
 * hold an agent takes the sensor of the server and nothing else. A sensor that starts is waited for.
 */
export async function storiesHere(holdfast: HoldfastAddress, signal?: AbortSignal): Promise<StoriesHere> {
  const cannotHold = await sensorObstacle(holdfast, { withinMs: SENSOR_WITHIN_MS, signal })
  const obstacle = cannotHold ?? noPrivateNetwork()
  if (obstacle === undefined) return { names: [...ANYWHERE, ESCAPE] }
  return {
    names: [...ANYWHERE, INSTEAD],
    ...(cannotHold === undefined ? {} : { cannotHold }),
    instead: `told in place of an escape, which cannot be seen here: ${obstacle}`,
  }
}
