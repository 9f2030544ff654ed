import { randomUUID } from 'node:crypto'
import type { Body } from '@holdfast/api'
import type { ControlRecordOf, SensorCommand, SensorResult } from '@holdfast/model'
import type { Recorder } from '@holdfast/recorder'
import type { Containments } from '../containment/containments.ts'
import { egressWords } from '../sensor/egress-words.ts'
import type { SensorEnrolment } from '../sensor/enrolment.ts'
import type { KnownSensor, SensorLink } from '../sensor/link.ts'
import type { PolicyBook } from '../policy/policy-book.ts'
import type { LocalSensor } from '../sensor/local-sensor.ts'
import type { Handlers } from './handlers.ts'
import { HttpError } from './problem.ts'

/**
 * Asking a sensor to watch ends when its programs are told; to unwatch, when the server has what it held: after a storm a
 * full spool, which takes one or two minutes on a busy machine. Clients give up on an answer after five.
 */
const UNWATCH_TIMEOUT_MS = 240_000

const NOT_LISTENING = 'the server does not listen for sensors of other hosts: holdfast up --sensor-listen HOST:PORT'

type Sources = {
  readonly recorder: Pick<Recorder, 'appendControl'>
  readonly sensors: SensorLink
  readonly containments: Pick<Containments, 'endedBy'>
  readonly localSensor: Pick<LocalSensor, 'state'>
  /** Undefined where the server does not listen for sensors of other hosts. */
  readonly enrolment: Pick<SensorEnrolment, 'makeToken' | 'revoke'> | undefined
  readonly policies: { readonly book: Pick<PolicyBook, 'artifact' | 'step'> }
}

/** The routes about kernel sensors. What is to be watched is on record before it is (FC3). */
export function sensorHandlers({
  recorder,
  sensors,
  containments,
  localSensor,
  enrolment,
  policies,
}: Sources): Pick<Handlers, 'listSensors' | 'makeSensorToken' | 'revokeSensor' | 'watchCgroup' | 'unwatchCgroup'> {
  const command = async (
    given: {
      readonly sensor: string
      readonly by: string
      readonly timeoutMs?: number
      /** Digest of the profile that the watched run under. */
      readonly seccomp?: string | undefined
      readonly egress?: Parameters<typeof egressWords>[0] | undefined
    },
    what: Extract<SensorCommand, { readonly path: string }>,
  ): Promise<Readonly<Record<string, unknown>>> => {
    const { sensor, by, timeoutMs, seccomp, egress } = given
    const record = { kind: 'operator-action', actionId: randomUUID(), action: what.do, by, target: what.path } as const
    const where = [
      sensor,
      ...(seccomp === undefined ? [] : [`seccomp profile ${seccomp}`]),
      ...(egress === undefined ? [] : [egressWords(egress)]),
    ].join(', ')
    const say = (outcome: ControlRecordOf<'operator-action'>['outcome'], detail: string) =>
      recorder.appendControl({ ...record, detail: detail.slice(0, 500), outcome })
    await say('intended', `sensor ${where}`)
    const result = await sensors.send(what, { sensor, ...(timeoutMs === undefined ? {} : { timeoutMs }) })
    await say(result.ok ? 'done' : 'failed', result.ok ? `sensor ${where}` : result.error)
    return detailOf(result)
  }
  return {
    listSensors: async () => {
      const { state, obstacles } = localSensor.state()
      const local = { state, obstacles: obstacles.map(({ detail, remedy }) => ({ detail, remedy })) }
      return { items: sensors.sensors().map(sensorOf), local }
    },
    makeSensorToken: async ({ caller }) => {
      if (enrolment === undefined) throw new HttpError(409, NOT_LISTENING)
      return await enrolment.makeToken(caller.name)
    },
    revokeSensor: async ({ params, caller }) => {
      if (enrolment === undefined) throw new HttpError(409, NOT_LISTENING)
      if (!(await enrolment.revoke(params.sensor, caller.name)))
        throw new HttpError(404, `no sensor "${params.sensor}" is enrolled`)
      return {}
    },
    watchCgroup: async ({ params, body, caller }) => {
      const { path, service, workload, run, allOpens = false, tls = false, traceparent, fromFirstExec } = body
      const { seccomp, egress } = body
      const ended = containments.endedBy(service)
      if (ended !== undefined) {
        throw new HttpError(
          409,
          `${service} was killed and not released: holdfast contain release ${ended.containment}`,
        )
      }
      const detail = await command(
        { sensor: params.sensor, by: caller.name, seccomp: seccomp?.profile, egress },
        {
          do: 'watch',
          path,
          service,
          allOpens,
          tls,
          ...(workload === undefined ? {} : { workload }),
          ...(run === undefined ? {} : { run }),
          ...(traceparent === undefined ? {} : { traceparent }),
          ...(fromFirstExec === undefined ? {} : { fromFirstExec }),
          ...(seccomp === undefined ? {} : { seccomp: seccompOf(seccomp) }),
          ...(egress === undefined ? {} : { egress }),
        },
      )
      const agent = String(detail['agent'])
      const artifacts = [seccomp?.artifact, egress?.artifact].filter((id) => id !== undefined)
      // Where one of them was made here, what the host refuses in its name is found by this.
      if (artifacts.some((id) => policies.book.artifact(id) !== undefined)) {
        const hosted = { do: 'hosted', agent, artifacts } as const
        await policies.book.step(() => hosted, { reason: `run in ${path}`.slice(0, 500), by: caller.name })
      }
      return { cgroup: String(detail['cgroup']), agent }
    },
    unwatchCgroup: async ({ params, body, caller }) => {
      const given = { sensor: params.sensor, by: caller.name, timeoutMs: UNWATCH_TIMEOUT_MS }
      await command(given, { do: 'unwatch', path: body.path })
      return {}
    },
  }
}

/** The digest of the file is for the record; the sensor is told what it tells with each refusal. */
function seccompOf({ logged, artifact, mode }: NonNullable<Body<'watchCgroup'>['seccomp']>) {
  return {
    logged,
    ...(artifact === undefined ? {} : { artifact }),
    ...(mode === undefined ? {} : { mode }),
  }
}

function detailOf(result: SensorResult): Readonly<Record<string, unknown>> {
  if (!result.ok) throw new HttpError(409, `the sensor could not: ${result.error}`)
  return result.detail ?? {}
}

function sensorOf({ id, state, report, watched, lastBatch, records, lost }: KnownSensor) {
  const { start, host, kernel, bootId, programs, unseen, tls = [] } = report
  return {
    id,
    state,
    start,
    host,
    kernel,
    bootId,
    programs: [...programs],
    unseen: [...unseen],
    tls: tls.map((sight) => ({ ...sight, seen: [...sight.seen], unseen: [...sight.unseen] })),
    watched: [...watched],
    ...(lastBatch === undefined ? {} : { lastBatch: lastBatch.toString() }),
    records,
    lost,
  }
}
