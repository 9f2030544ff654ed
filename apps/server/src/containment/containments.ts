import { randomUUID } from 'node:crypto'
import type {
  ContainmentPlan,
  ContainmentRecord,
  EnvelopeCitation,
  HoldCheck,
  HoldEnding,
  SensorCommand,
  UnixNano,
} from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import type { Body } from '@holdfast/api'
import { HttpError } from '../http/problem.ts'
import type { SensorLink } from '../sensor/link.ts'
import { Turns } from '../turns.ts'
import { endOf, type Kept, KnownContainments } from './known-containments.ts'
import { APPLY_TIMEOUT_MS, CONTAINED_A_MINUTE, CONTAINMENTS_KEPT } from './limits.ts'
import { obstaclesOf, planHashOf } from './plan.ts'
import { planHold } from './plan-hold.ts'

export type ContainmentSources = {
  readonly recorder: Pick<Recorder, 'appendControl' | 'signCheckpoint'>
  readonly reader: Pick<LogReader, 'controls' | 'control'>
  readonly sensors: SensorLink
  readonly clock: () => UnixNano
  /** Least completeness of the six artifacts over an agent's conversations; undefined where it has none. */
  readonly completeness: (agent: string) => Promise<number | undefined>
  /** Told of each step once it is on record. */
  readonly onStep: (record: ContainmentRecord) => void
}

/** A containment as it is now. */
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

type Command = Extract<SensorCommand, { readonly do: 'contain' | 'probe' | 'release' }>

/** Plans, applies, confirms and releases. Each step is on record before the next is taken (FC3). */
export class Containments {
  readonly #sources: ContainmentSources
  readonly #kept = new KnownContainments()
  /** One thing at a time for each containment: its end is not on record before its beginning. */
  readonly #turns = new Turns()
  /** When agents were contained; those of the last minute count. */
  #recent: readonly UnixNano[] = []

  constructor(sources: ContainmentSources) {
    this.#sources = sources
    for (const { record, recordedAt, index } of sources.reader.controls('containment')) {
      const { kind: _, ...step } = record
      this.#kept.note(step, { at: recordedAt, entry: index })
    }
  }

  /** The newest first. */
  list(target?: string): readonly Known[] {
    const all = [...this.#kept.all()].toReversed().map((kept) => this.#known(kept))
    return all.filter(({ record: { plan } }) => {
      return target === undefined || [plan.target, plan.agent, plan.agentName, plan.run].includes(target)
    })
  }

  /** Containments that memory holds no more: none that is in force. */
  get forgotten(): number {
    return this.#kept.forgotten
  }

  /** The rung that ended this agent and was not released: it may not start again. */
  endedBy(agentName: string): ContainmentRecord | undefined {
    return this.#kept.endedBy(agentName)
  }

  /** What would be done. The log is sealed for it, so that the evidence is older than the deed. */
  plan(request: Body<'planContainment'>): Promise<ContainmentPlan> {
    return planHold(this.#sources, request)
  }

  async apply(request: Body<'applyContainment'>, by: string): Promise<Known> {
    const plan = await this.plan(request)
    const planHash = planHashOf(plan)
    const base = { containment: randomUUID(), by, planHash, plan, checks: [] }
    if (request.planHash !== undefined && request.planHash !== planHash)
      throw new HttpError(409, 'the plan is another one by now: plan again')
    const obstacles = [...obstaclesOf(plan), ...this.#cap(), ...this.#room()]
    if (obstacles.length > 0) {
      const detail = obstacles.join('; ')
      await this.#write({ ...base, state: 'refused', detail })
      throw new HttpError(409, detail)
    }
    // Before anything is waited for: of many that are asked for at once no more pass the cap.
    this.#count()
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
      const [full] = this.#room()
      if (full !== undefined) throw new HttpError(409, full)
      const planned = await planHold(this.#sources, { ...asked, target: agent }, sensor)
      const plan = envelope === undefined ? planned : { ...planned, envelope }
      const base = { containment, by: 'response plan', planHash: planHashOf(plan), plan, checks: [], response }
      this.#count()
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
    return this.#kept.heldSince(since)
  }

  async #apply(base: Omit<ContainmentRecord, 'state' | 'detail'>): Promise<Known> {
    const { plan, by, containment } = base
    await this.#write({ ...base, state: 'requested', detail: `approved by ${by}` })
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

  /** Tries again whether it holds, in its turn: one that was released meanwhile is not found leaking. */
  confirm(containment: string, by: string): Promise<Known> {
    return this.#turns.take(containment, () => this.#confirm(containment, by))
  }

  async #confirm(containment: string, by: string): Promise<Known> {
    const { plan, planHash, state, response } = this.#find(containment).record
    const { rung } = plan
    if (rung === 'watch' || state === 'released' || state === 'refused') {
      throw new HttpError(409, `it is ${state}: there is nothing to try`)
    }
    const base = { containment, by, planHash, plan, checks: [], ...partOf(response) }
    return await this.#carryOut(base, (path) => ({ do: 'probe', path, rung }), { isTriedAgain: true })
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
    if (this.#lately().length < CONTAINED_A_MINUTE) return []
    return [`${CONTAINED_A_MINUTE} agents were contained in the last minute: more needs a second person, or a minute`]
  }

  #count(): void {
    this.#recent = [...this.#lately(), this.#sources.clock()]
  }

  #lately(): readonly UnixNano[] {
    const since = this.#sources.clock() - 60_000_000_000n
    return this.#recent.filter((at) => at > since)
  }

  /** What is in force is never forgotten, so that it is bounded here. */
  #room(): readonly string[] {
    if (this.#kept.inForce(this.#sources.clock()) < CONTAINMENTS_KEPT) return []
    return [`${CONTAINMENTS_KEPT} containments are in force: release some first`]
  }

  #find(containment: string): Kept {
    const kept = this.#kept.get(containment)
    if (kept === undefined) throw new HttpError(404, 'there is no such containment')
    return kept
  }

  async #write(record: ContainmentRecord): Promise<Known> {
    const { from: entry } = await this.#sources.recorder.appendControl({ kind: 'containment', ...record })
    this.#sources.onStep(record)
    // As the log has it, so that reading it again gives the same.
    const at = this.#sources.reader.control(entry)?.recordedAt ?? this.#sources.clock()
    return this.#known(this.#kept.note(record, { at, entry }))
  }

  #known(kept: Kept): Known {
    const endsAt = endOf(kept)
    return { ...kept, endsAt, isExpired: endsAt !== undefined && this.#sources.clock() >= endsAt }
  }
}

function partOf(response: ContainmentRecord['response']): Pick<ContainmentRecord, 'response'> {
  return response === undefined ? {} : { response }
}
