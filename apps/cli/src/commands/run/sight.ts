import { setTimeout as delay } from 'node:timers/promises'
import type { Answer } from '@holdfast/api'
import { SENSOR_WAIT_MS } from '../../limits.ts'
import type { Api } from '../../server/api.ts'
import { makeRunCgroup, type RunCgroup } from './cgroup.ts'

type Sensor = Answer<'listSensors'>['items'][number]

/** How much of a run will be seen. */
export type Sight =
  | { readonly status: 'kernel'; readonly sensor: Sensor; readonly cgroup: RunCgroup; readonly agent: string }
  | { readonly status: 'telemetry'; readonly reasons: readonly string[] }

export type Watched = {
  readonly run: string
  readonly name: string
  readonly traceparent: string
}

/** Makes the cgroup of the run and has the sensor of this host watch it; says what is in the way where that fails. */
export async function openSight(api: Api, watched: Watched, host: string): Promise<Sight> {
  const sensors = await sensorsWhenReady(api)
  const sensor = sensors.items.find((known) => known.state === 'connected' && known.host === host)
  if (sensor === undefined) {
    const reasons = sensors.local.obstacles.map(({ detail, remedy }) => `${detail}; remedy: ${remedy}`)
    return less(reasons.length > 0 ? reasons : ['no kernel sensor is connected to the server'])
  }
  const cgroup = makeRunCgroup(watched.run)
  if (typeof cgroup === 'string') return less([cgroup])
  const { run, name, traceparent } = watched
  try {
    const { agent } = await api.call('watchCgroup', {
      params: { sensor: sensor.id },
      body: { path: cgroup.path, service: name, run, traceparent, tls: true },
    })
    return { status: 'kernel', sensor, cgroup, agent }
  } catch (error) {
    cgroup.remove()
    return less([error instanceof Error ? error.message : String(error)])
  }
}

/**
 * Hands the cgroup back once everything of it is in the log. Returns the sentence that says why something may be missing:
 * the program ran, and what is known of it is still told.
 */
export async function closeSight(
  api: Api,
  { sensor, cgroup }: Extract<Sight, { status: 'kernel' }>,
): Promise<string | undefined> {
  try {
    await api.call('unwatchCgroup', { params: { sensor: sensor.id }, body: { path: cgroup.path } })
    return undefined
  } catch (error) {
    return `what happened last, perhaps: ${error instanceof Error ? error.message : String(error)}`
  } finally {
    cgroup.remove()
  }
}

async function sensorsWhenReady(api: Api): Promise<Answer<'listSensors'>> {
  const end = performance.now() + SENSOR_WAIT_MS
  for (;;) {
    const sensors = await api.call('listSensors')
    if (sensors.local.state !== 'starting' || performance.now() > end) return sensors
    await delay(100)
  }
}

function less(reasons: readonly string[]): Sight {
  return { status: 'telemetry', reasons }
}
