import { setTimeout as wait } from 'node:timers/promises'
import { ask, type HoldfastAddress } from '../holdfast.ts'
import { noPrivateNetwork } from '../network/private-network.ts'

// The shape is that of the route (packages/api).
type Sensors = {
  readonly local: { readonly state: string; readonly obstacles: readonly { readonly detail: string }[] }
}

const LOOK_MS = 200
const READY_WITHIN_MS = 60_000

/** Why acts cannot be watched here, once the server's own sensor has started or said that it cannot; undefined where they can. */
export async function obstacleHere(holdfast: HoldfastAddress): Promise<string | undefined> {
  const none = noPrivateNetwork()
  if (none !== undefined) return none
  for (const until = Date.now() + READY_WITHIN_MS; ; await wait(LOOK_MS)) {
    const { local } = await ask<Sensors>(holdfast, '/sensors')
    if (local.state === 'running') return undefined
    const why = local.obstacles.map(({ detail }) => detail).join('; ')
    if (local.state !== 'starting' || Date.now() > until) return why === '' ? `the sensor is ${local.state}` : why
  }
}
