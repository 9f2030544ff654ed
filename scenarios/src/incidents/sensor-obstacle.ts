import { setTimeout as wait } from 'node:timers/promises'
import { ask, type HoldfastAddress } from './holdfast.ts'
import { LOOK_MS } from './limits.ts'

// The shape is that of the route (packages/api).
type Sensors = {
  readonly local: {
    readonly state: string
    readonly obstacles: readonly { readonly detail: string; readonly remedy?: string }[]
  }
}

/**
 * Why the server's own sensor watches nothing of this machine, with what mends it; undefined once it runs. One that starts is
 * waited for, at most `withinMs`.
 */
export async function sensorObstacle(
  holdfast: HoldfastAddress,
  { withinMs, signal }: { readonly withinMs: number; readonly signal?: AbortSignal | undefined },
): Promise<string | undefined> {
  for (const until = Date.now() + withinMs; ; await wait(LOOK_MS, undefined, { signal })) {
    const { local } = await ask<Sensors>(holdfast, '/sensors')
    if (local.state === 'running') return undefined
    const why = local.obstacles.map(({ detail, remedy }) => (remedy === undefined ? detail : `${detail} (${remedy})`))
    if (local.state !== 'starting' || Date.now() > until)
      return why.length > 0 ? why.join('; ') : `the sensor of the server is ${stateText(local.state)}`
  }
}

function stateText(state: string): string {
  return state === 'off' ? 'off (start the server without --no-sensor)' : state
}
