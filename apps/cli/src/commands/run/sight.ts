import { setTimeout as delay } from 'node:timers/promises'
import type { Answer } from '@holdfast/api'
import type { EgressList, PolicyMode } from '@holdfast/model'
import { CliError } from '../../cli-error.ts'
import { SENSOR_WAIT_MS, SERVER_BACK_MS } from '../../limits.ts'
import type { Api } from '../../server/api.ts'
import type { Workload } from './workload.ts'
import { makeRunCgroup, type RunCgroup } from './cgroup.ts'

type Sensor = Answer<'listSensors'>['items'][number]

/** How much of a run will be seen. */
export type Sight =
  | { readonly status: 'kernel'; readonly sensor: Sensor; readonly cgroup: RunCgroup; readonly agent: string }
  | { readonly status: 'telemetry'; readonly reasons: readonly string[] }

export type Watched = {
  readonly run: string
  readonly name: string
  readonly workload: Workload | undefined
  readonly traceparent: string
  /** Profile that it runs under, and the calls that this one has logged. */
  readonly seccomp:
    | {
        readonly profile: string
        readonly logged: readonly number[]
        readonly artifact?: string
        readonly mode?: PolicyMode
      }
    | undefined
  /** Without a sensor to keep it nothing runs. */
  readonly egress: EgressList | undefined
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
  const { run, name, workload, traceparent, seccomp, egress } = watched
  try {
    const { agent } = await api.call('watchCgroup', {
      params: { sensor: sensor.id },
      body: {
        path: cgroup.path,
        service: name,
        ...(workload === undefined ? {} : { workload }),
        run,
        traceparent,
        tls: true,
        fromFirstExec: true,
        ...(seccomp === undefined ? {} : { seccomp: { ...seccomp, logged: [...seccomp.logged] } }),
        ...(egress === undefined ? {} : { egress: { ...egress, allow: [...egress.allow] } }),
      },
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
    await unwatch(api, sensor.id, cgroup.path)
    return undefined
  } catch (error) {
    return `what happened last, perhaps: ${error instanceof Error ? error.message : String(error)}`
  } finally {
    cgroup.remove()
  }
}

/** A server that is started anew meanwhile, and the sensor that finds it again, get a moment. */
async function unwatch(api: Api, sensor: string, path: string): Promise<void> {
  const end = performance.now() + SERVER_BACK_MS
  for (;;) {
    const isOver = performance.now() > end
    try {
      const { items } = await api.call('listSensors')
      if (isOver || items.some(({ id, state }) => id === sensor && state === 'connected')) {
        await api.call('unwatchCgroup', { params: { sensor }, body: { path } })
        return
      }
    } catch (fault) {
      if (isOver || !(fault instanceof CliError) || fault.code !== 'unavailable') throw fault
    }
    await delay(BACK_LOOK_MS)
  }
}

const BACK_LOOK_MS = 200

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
