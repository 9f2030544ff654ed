import type { HoldfastAddress } from '../holdfast.ts'
import { noPrivateNetwork } from '../network/private-network.ts'
import { sensorObstacle } from '../sensor-obstacle.ts'

const READY_WITHIN_MS = 60_000

/** Why acts cannot be watched here, once the server's own sensor has started or said that it cannot; undefined where they can. */
export async function obstacleHere(holdfast: HoldfastAddress): Promise<string | undefined> {
  return noPrivateNetwork() ?? (await sensorObstacle(holdfast, { withinMs: READY_WITHIN_MS }))
}
