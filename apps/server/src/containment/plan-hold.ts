import type { Body } from '@holdfast/api'
import type { ContainmentPlan, WatchedCgroup } from '@holdfast/model'
import { HttpError } from '../http/problem.ts'
import type { KnownSensor } from '../sensor/link.ts'
import type { ContainmentSources } from './containments.ts'
import { cgroupsOf } from './plan.ts'

/**
 * What would be done to whatever of the target a sensor watches; with a sensor's id to what that one watches of the agent of this id
 * alone. The log is sealed for it. Rejects with 404 where nothing of it runs.
 */
export async function planHold(
  { recorder, sensors, completeness }: Pick<ContainmentSources, 'recorder' | 'sensors' | 'completeness'>,
  { target, rung, reason, ttlMs, allow }: Body<'planContainment'>,
  sensorId?: string,
): Promise<ContainmentPlan> {
  const [found] = sensors
    .sensors()
    .map((sensor) => ({
      sensor,
      watched: cgroupsOf(target, watchedOf(sensor, sensorId === undefined ? '' : target)),
    }))
    .filter(({ sensor, watched }) => watched.length > 0 && (sensorId === undefined || sensor.id === sensorId))
  const first = found?.watched[0]
  if (found === undefined || first === undefined) {
    throw new HttpError(404, `nothing of "${target.slice(0, 200)}" runs in a cgroup that a sensor watches`)
  }
  const { size, rootHash } = await recorder.signCheckpoint()
  // An agent that tells nothing itself has the kernel's record alone: it is whole where nothing of it was lost.
  const ofKernel = found.sensor.lost === 0 ? 1 : 0
  return {
    target,
    agent: first.agent,
    agentName: first.agentName,
    ...(first.run === undefined ? {} : { run: first.run }),
    sensor: found.sensor.id,
    paths: found.watched.map(({ path }) => path).toSorted(),
    rung,
    reason,
    ttlMs,
    allow,
    evidence: { logSize: size, rootHash, completeness: (await completeness(first.agent)) ?? ofKernel },
  }
}

/** With an agent's id only what is of that agent: a name is chosen by its bearer, and may be another's id. */
function watchedOf({ watched }: KnownSensor, agent: string): readonly WatchedCgroup[] {
  return agent === '' ? watched : watched.filter((one) => one.agent === agent)
}
