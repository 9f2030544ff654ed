import { randomUUID } from 'node:crypto'
import type {
  ContainmentPlan,
  ContainmentRecord,
  EnvelopeCitation,
  HoldCheck,
  HoldEnding,
  SensorCommand,
  UnixNano,
  WatchedCgroup,
} from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import type { Body } from '@holdfast/api'
import { HttpError } from '../http/problem.ts'
import type { KnownSensor, SensorLink } from '../sensor/link.ts'
import { Turns } from '../turns.ts'
import { APPLY_TIMEOUT_MS, CONTAINED_A_MINUTE, CONTAINMENTS_KEPT, STEPS_KEPT } from './limits.ts'
import { cgroupsOf, obstaclesOf, planHashOf } from './plan.ts'

export type ContainmentSources = {
  readonly recorder: Pick<Recorder, 'appendControl' | 'signCheckpoint'>
  readonly reader: Pick<LogReader, 'controls'>
  readonly sensors: SensorLink
  readonly clock: () => UnixNano
  /** Least completeness of the six artifacts over an agent's conversations; undefined where it has none. */
  readonly completeness: (agent: string) => Promise<number | undefined>
  /** Told of each step once it is on record. */
  readonly onStep: (record: ContainmentRecord) => void
}

/** A containment as its last step left it. `since`: when its first step was recorded. */
export type Known = Kept & { readonly isExpired: boolean; readonly endsAt: UnixNano | undefined }

/** What a plan over several systems wants of one sensor: it was decided there, and has its name from there. */
export type PlannedHold = Omit<Body<'planContainment'>, 'target'> & {
  /** Agent id; other agents of its name are others. */
  readonly agent: string
  readonly sensor: string
  readonly containment: string
  readonly response: NonNullable<ContainmentRecord['response']>
  readonly envelope?: EnvelopeCitation
}

type Kept = { readonly record: ContainmentRecord; readonly since: UnixNano; readonly steps: readonly Step[] }
type Step = Pick<ContainmentRecord, 'state' | 'by' | 'detail' | 'checks'> & Place
/** Where the log holds a step. */
type Place = { readonly at: UnixNano; readonly entry: number }
type Command = Extract<SensorCommand, { readonly do: 'contain' | 'probe' | 'release' }>

/** Plans, applies, confirms and releases. Each step is on record before the next is taken (FC3). */
export class Containments {
  readonly #sources: ContainmentSources
  readonly #kept = new Map<string, Kept>()
  /** One thing at a time for each containment: its end is not on record before its beginning. */
  readonly #turns = new Turns()
  /** When agents were contained in the last minute. */
  #recent: readonly UnixNano[] = []

  constructor(sources: ContainmentSources) {
    this.#sources = sources
    for (const { record, recordedAt, index } of sources.reader.controls('containment')) {
      const { kind: _, ...step } = record
      this.#keep(step, { at: recordedAt, entry: index })
    }
  }

  /** The newest first. */
  list(target?: string): readonly Known[] {
    const all = [...this.#kept.values()].toReversed().map((kept) => this.#known(kept))
    return all.filter(({ record: { plan } }) => {
      return target === undefined || [plan.target, plan.agent, plan.agentName, plan.run].includes(target)
    })
  }

  /** The rung that ended this agent and was not released: it may not start again. */
  endedBy(agentName: string): ContainmentRecord | undefined {
    return (
      this.list(agentName)
        .map(({ record }) => record)
        // One whose end was asked for and failed, or whose outcome nobody heard of, bars the agent too.
        .find(({ plan, state }) => plan.rung === 'kill' && state !== 'released' && state !== 'refused')
    )
  }

  /** What would be done. The log is sealed for it, so that the evidence is older than the deed. */
  plan(request: Body<'planContainment'>): Promise<ContainmentPlan> {
    return this.#plan(request, undefined)
  }

  async #plan(request: Body<'planContainment'>, sensorId: string | undefined): Promise<ContainmentPlan> {
    const { target, rung, reason, ttlMs, allow } = request
    const { recorder, sensors, completeness } = this.#sources
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

  async apply(request: Body<'applyContainment'>, by: string): Promise<Known> {
    const plan = await this.plan(request)
    const planHash = planHashOf(plan)
    const base = { containment: randomUUID(), by, planHash, plan, checks: [] }
    if (request.planHash !== undefined && request.planHash !== planHash) {
      throw new HttpError(409, 'the plan is another one by now: plan again')
    }
    const obstacles = [...obstaclesOf(plan), ...this.#cap()]
    if (obstacles.length > 0) {
      const detail = obstacles.join('; ')
      await this.#write({ ...base, state: 'refused', detail })
      throw new HttpError(409, detail)
    }
    return await this.#turns.take(base.containment, () => this.#apply(base))
  }

  /**
   * Carries out a step of a response plan, for which seal, chain and cap were looked at already. One that is known is not done a
   * second time.
   */
  async applyPlanned({ agent, sensor, containment, response, envelope, ...asked }: PlannedHold): Promise<Known> {
    return await this.#turns.take(containment, async () => {
      const known = this.#kept.get(containment)
      if (known !== undefined) return this.#known(known)
      const planned = await this.#plan({ ...asked, target: agent }, sensor)
      const plan = envelope === undefined ? planned : { ...planned, envelope }
      const base = { containment, by: 'response plan', planHash: planHashOf(plan), plan, checks: [], response }
      return await this.#apply(base)
    })
  }

  /** A containment by its id. */
  known(containment: string): Known | undefined {
    const kept = this.#kept.get(containment)
    return kept === undefined ? undefined : this.#known(kept)
  }

  /** Tries whether it holds, and puts nothing on record. Throws where the sensor gives no answer. */
  async tried(containment: string): Promise<readonly HoldCheck[]> {
    const { plan } = this.#find(containment).record
    const { rung } = plan
    if (rung === 'watch') return []
    const checks: HoldCheck[] = []
    for (const path of plan.paths) {
      const result = await this.#send(plan, { do: 'probe', path, rung })
      if (!result.ok) throw new Error(`sensor ${plan.sensor}: ${result.error}`)
      checks.push(...((result.detail?.['checks'] ?? []) as readonly HoldCheck[])) // our own sensor's answer: a HoldOutcome
    }
    return checks
  }

  /** When agents were held, whoever asked: the newest of each, of those that are known. */
  heldSince(since: UnixNano): readonly { readonly agent: string; readonly at: UnixNano }[] {
    return [...this.#kept.values()].flatMap(({ record: { plan, state }, since: at }) =>
      at > since && state !== 'refused' && plan.rung !== 'watch' ? [{ agent: plan.agent, at }] : [],
    )
  }

  async #apply(base: Omit<ContainmentRecord, 'state' | 'detail'>): Promise<Known> {
    const { plan, by, containment } = base
    await this.#write({ ...base, state: 'requested', detail: `approved by ${by}` })
    this.#recent = [...this.#recent, this.#sources.clock()]
    if (plan.rung === 'watch') return await this.#write({ ...base, state: 'applied', detail: 'recording goes on' })
    const { rung, ttlMs, allow } = plan
    return await this.#carryOut(base, (path) => ({
      do: 'contain',
      containment,
      path,
      rung,
      ttlMs,
      allow,
    }))
  }

  async confirm(containment: string, by: string): Promise<Known> {
    const { plan, planHash, state, response } = this.#find(containment).record
    const { rung } = plan
    if (rung === 'watch' || state === 'released' || state === 'refused') {
      throw new HttpError(409, `it is ${state}: there is nothing to try`)
    }
    const base = { containment, by, planHash, plan, checks: [], ...partOf(response) }
    const probe = (path: string): Command => ({ do: 'probe', path, rung })
    return await this.#turns.take(containment, () => this.#carryOut(base, probe, { isTriedAgain: true }))
  }

  release(containment: string, by: string, reason: string): Promise<Known> {
    return this.#turns.take(containment, () => this.#release(containment, by, reason))
  }

  /** Puts on record what ended by its time limit or by a hand on the host; saying it twice changes nothing. */
  async noteEnded(sensor: string, endings: readonly HoldEnding[]): Promise<void> {
    for (const ending of endings) {
      await this.#turns.take(ending.containment, () => this.#noteEnded(sensor, ending))
    }
  }

  async #noteEnded(sensor: string, { containment, path, reason, left }: HoldEnding): Promise<void> {
    const record = this.#kept.get(containment)?.record
    // A sensor speaks for what it holds itself.
    if (record === undefined || record.plan.sensor !== sensor || record.state === 'released') return
    const { planHash, plan, response } = record
    const base = { containment, by: `sensor ${sensor}`, planHash, plan, checks: [], ...partOf(response) }
    const whole = left === 0 ? reason : `${path} ${reason}; ${left} of ${plan.paths.length} are held`
    const detail = whole.slice(0, 1_000)
    if (record.detail !== detail) await this.#write({ ...base, state: left === 0 ? 'released' : 'failed', detail })
  }

  async #release(containment: string, by: string, reason: string): Promise<Known> {
    const { plan, planHash, response } = this.#find(containment).record
    const base = { containment, by, planHash, plan, checks: [], ...partOf(response) }
    await this.#write({ ...base, state: 'requested', detail: `release: ${reason}`.slice(0, 1_000) })
    const { rung } = plan
    if (rung !== 'watch') {
      for (const path of plan.paths) {
        const result = await this.#send(plan, { do: 'release', containment, path, rung })
        if (!result.ok) {
          await this.#write({ ...base, state: 'failed', detail: `not released: ${result.error}`.slice(0, 1_000) })
          throw new HttpError(
            409,
            `the sensor could not release it: ${result.error}. As root on its host: holdfast contain release --local`,
          )
        }
      }
    }
    return await this.#write({ ...base, state: 'released', detail: reason })
  }

  async #carryOut(
    base: Omit<ContainmentRecord, 'state' | 'detail'>,
    commandFor: (path: string) => Command,
    { isTriedAgain = false }: { readonly isTriedAgain?: boolean } = {},
  ): Promise<Known> {
    const checks: HoldCheck[] = []
    const errors: string[] = []
    for (const path of base.plan.paths) {
      const result = await this.#send(base.plan, commandFor(path))
      if (!result.ok) errors.push(`${path}: ${result.error}`)
      // Our own sensor's answer: a HoldOutcome.
      else checks.push(...((result.detail?.['checks'] ?? []) as readonly HoldCheck[]))
    }
    const through = checks.filter(({ held }) => !held).map(({ way, detail }) => `${way} (${detail})`)
    // Both words are on record, in their order: only the probe makes the second.
    // What is tried again was applied before, and nothing is applied by that.
    const isApplied = isTriedAgain && this.#find(base.containment).steps.some(({ state: was }) => was === 'applied')
    if (errors.length === 0 && !isApplied)
      await this.#write({ ...base, state: 'applied', detail: 'the sensor has applied it' })
    const isConfirmed = errors.length === 0 && through.length === 0 && checks.length > 0
    const found = isConfirmed
      ? // Named: a try that was made later has no connection from before to try, and so counts one less.
        `${checks.length} probes were refused or found it held: ${[...new Set(checks.map(({ way }) => way))].join(', ')}`
      : [...errors, ...(through.length === 0 ? [] : [`got through: ${through.join(', ')}`])].join('; ')
    const detail = isTriedAgain ? `tried again by hand: ${found}` : found
    return await this.#write({
      ...base,
      checks,
      state: isConfirmed ? 'confirmed' : 'failed',
      detail: detail.slice(0, 1_000),
    })
  }

  #send({ sensor }: ContainmentPlan, command: Command) {
    return this.#sources.sensors.send(command, { sensor, timeoutMs: APPLY_TIMEOUT_MS })
  }

  /** One person may not stop a fleet at once, by mistake or with a stolen token. */
  #cap(): readonly string[] {
    const since = this.#sources.clock() - 60_000_000_000n
    this.#recent = this.#recent.filter((at) => at > since)
    if (this.#recent.length < CONTAINED_A_MINUTE) return []
    return [`${CONTAINED_A_MINUTE} agents were contained in the last minute: more needs a second person, or a minute`]
  }

  #find(containment: string): Kept {
    const kept = this.#kept.get(containment)
    if (kept === undefined) throw new HttpError(404, 'there is no such containment')
    return kept
  }

  async #write(record: ContainmentRecord): Promise<Known> {
    const { from: entry } = await this.#sources.recorder.appendControl({ kind: 'containment', ...record })
    this.#sources.onStep(record)
    return this.#known(this.#keep(record, { at: this.#sources.clock(), entry }))
  }

  #keep(record: ContainmentRecord, { at, entry }: Place): Kept {
    const before = this.#kept.get(record.containment)
    const { state, by, detail, checks } = record
    const steps = [...(before?.steps ?? []), { state, by, detail, checks, at, entry }].slice(-STEPS_KEPT)
    const kept = { record, since: before?.since ?? at, steps }
    this.#kept.delete(record.containment)
    this.#kept.set(record.containment, kept)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > CONTAINMENTS_KEPT && oldest !== undefined) this.#kept.delete(oldest)
    return kept
  }

  #known(kept: Kept): Known {
    const { record, since } = kept
    const { ttlMs, rung } = record.plan
    // What was ended does not come back by itself.
    const endsItself = ttlMs > 0 && rung !== 'stop' && rung !== 'kill'
    // Nanoseconds of the clock stay so.
    const endsAt = endsItself ? ((since + BigInt(ttlMs) * 1_000_000n) as UnixNano) : undefined
    return { ...kept, endsAt, isExpired: endsAt !== undefined && this.#sources.clock() >= endsAt }
  }
}

function partOf(response: ContainmentRecord['response']): Pick<ContainmentRecord, 'response'> {
  return response === undefined ? {} : { response }
}

/** With an agent's id only what is of that agent: a name is chosen by its bearer, and may be another's id. */
function watchedOf({ watched }: KnownSensor, agent: string): readonly WatchedCgroup[] {
  return agent === '' ? watched : watched.filter((one) => one.agent === agent)
}
