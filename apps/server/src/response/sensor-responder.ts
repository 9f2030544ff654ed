import { hash } from 'node:crypto'
import type { Allowed, EnvelopeCitation, Rung } from '@holdfast/model'
import { canonicalJson } from '@holdfast/model'
import type { Decision, EffectOutcome, Offer, PlanStep, Responder, ResponseScope } from '@holdfast/respond'
import type { Containments, Known } from '../containment/containments.ts'
import { cgroupsOf } from '../containment/plan.ts'
import type { KnownSensor, SensorLink } from '../sensor/link.ts'
import { idOfKey } from '../id-of-key.ts'
import { allowedText, parseAllowed } from './allowed-text.ts'
import { ALLOWED_MOST } from './limits.ts'
import type { Others } from './other-destinations.ts'

/** The provider of what the kernel of a host holds. */
export const SENSOR = 'sensor'

export type SensorResponderSources = {
  readonly sensors: Pick<SensorLink, 'sensors'>
  readonly containments: Pick<Containments, 'applyPlanned' | 'known' | 'tried' | 'release'>
  /** Where the agents of a sensor's host send what they tell: what is cut off goes on being recorded. */
  readonly collectorsOf: (sensor: KnownSensor) => readonly Allowed[]
  /** What an agent may go on reaching while one way of it is shut; undefined where that is not known well enough. */
  readonly othersThan: (agent: string, shut: readonly string[]) => Promise<Others | undefined>
}

/** Holds workloads in the kernel of their host: all five rungs that do something, on every host on which the agent runs. */
export class SensorResponder implements Responder {
  readonly name = SENSOR
  readonly #sources: SensorResponderSources

  constructor(sources: SensorResponderSources) {
    this.#sources = sources
  }

  readonly offers = async (scope: ResponseScope, { rung, steps }: Decision): Promise<readonly Offer[]> => {
    const running = scope.agents.flatMap(({ id }) =>
      this.#sources.sensors.sensors().flatMap((sensor) => (pathsOf(sensor, id).length > 0 ? [{ id, sensor }] : [])),
    )
    const rungs = steps.length === 0 ? [rung] : steps.map((step) => step.rung)
    // Which of the decision's rungs it will be is not known here; what is still reachable differs for the softest alone.
    const isRestricted = rungs[0] === 'restrict'
    const held = await Promise.all(
      running.map(async ({ id, sensor }): Promise<readonly Offer[]> => {
        const shut = scope.destinations.filter(({ agent }) => agent === id).map(({ name }) => name)
        const others = isRestricted ? await this.#sources.othersThan(id, shut) : { allow: [] }
        if (others === undefined) return []
        const allow = [...this.#sources.collectorsOf(sensor), ...others.allow]
        return [offer(sensor, id, { ...others, allow }, { kind: 'rung' })]
      }),
    )
    // While it is frozen it sends nothing; the quarantine beside that holds on when it is thawed.
    const beside = rungs[0] === 'pause' ? running : []
    return [
      ...held.flat(),
      ...beside.map(({ id, sensor }) =>
        offer(sensor, id, { allow: this.#sources.collectorsOf(sensor) }, { kind: 'cut', cut: 'cut-neighbours' }),
      ),
    ]
  }

  readonly plan: Responder['plan'] = async (step) => {
    const sensor = this.#sensorOf(step)
    const paths = sensor === undefined ? [] : pathsOf(sensor, step.agent)
    if (sensor === undefined || paths.length === 0)
      return { status: 'impossible', reason: `nothing of ${step.agent} runs in a cgroup that the sensor watches` }
    return {
      status: 'possible',
      state: stateOf(sensor, step.agent),
      words: `${rungOf(step)} on ${paths.join(', ')}${step.target.parts === undefined ? '' : `; it may still reach ${step.target.parts.join(', ')}${citationText(step.target.envelope)}`}`,
    }
  }

  readonly apply = async (step: PlanStep, key: string): Promise<EffectOutcome> => {
    const allow = (step.target.parts ?? []).map(parseAllowed)
    if (allow.includes(undefined)) return { status: 'failed', detail: 'what it may still reach cannot be read' }
    const [plan = ''] = key.split('/')
    const known = await this.#sources.containments.applyPlanned({
      // One step of one plan is one containment, however often it is asked for.
      containment: idOfKey(key),
      agent: step.agent,
      sensor: sensorIdOf(step),
      rung: rungOf(step),
      reason: `incident ${step.incident}`,
      ttlMs: step.ttlMs,
      allow: allow.filter((one) => one !== undefined).map((one) => ({ ...one })),
      ...(step.target.envelope === undefined ? {} : { envelope: step.target.envelope }),
      response: { plan, step: step.id },
    })
    return outcomeOfHold(known)
  }

  readonly probe: Responder['probe'] = async (_step, key) => {
    const found = this.#sources.containments.known(idOfKey(key))
    if (found === undefined) return [{ way: 'hold', held: false, detail: 'no hold of this step is known' }]
    const { state, detail, containment } = found.record
    if (state === 'released') return [{ way: 'hold', held: false, detail }]
    return await this.#sources.containments.tried(containment)
  }

  readonly revert = async (step: PlanStep, key: string, why?: string): Promise<EffectOutcome> => {
    const found = this.#sources.containments.known(idOfKey(key))
    if (found === undefined) return { status: 'done', detail: 'it was never applied' }
    if (found.record.state === 'released') return { status: 'done', detail: found.record.detail }
    const { record } = await this.#sources.containments.release(
      found.record.containment,
      'response plan',
      why ?? `incident ${step.incident}`,
    )
    return { status: 'done', detail: record.detail }
  }

  #sensorOf(step: PlanStep): KnownSensor | undefined {
    return this.#sources.sensors.sensors().find(({ id }) => id === sensorIdOf(step))
  }
}

function offer(sensor: KnownSensor, agent: string, { allow, envelope }: Others, serves: Offer['serves']): Offer {
  return {
    provider: 'sensor',
    agent,
    target: {
      kind: 'workload',
      name: `${agent}${ON}${sensor.id}`,
      ...(allow.length === 0 ? {} : { parts: allow.slice(0, ALLOWED_MOST).map(allowedText) }),
      ...(envelope === undefined ? {} : { envelope }),
      state: stateOf(sensor, agent),
    },
    serves,
  }
}

/** Which of the agent's own policy stays in force, as people read it. */
function citationText(envelope: EnvelopeCitation | undefined): string {
  if (envelope === undefined) return ''
  const { artifact, profile, kind, lines, shut } = envelope
  const without = shut.length === 0 ? '' : ` without ${shut.join(', ')}`
  return `: ${lines.length} lines${without} of its ${kind} ${artifact.slice(0, 12)}, from profile ${profile.slice(0, 12)}`
}

const ON = ' on sensor '

/** A step has its agent beside its target, so that the rest of the name is the sensor whatever the agent is called. */
function sensorIdOf({ agent, target }: PlanStep): string {
  return target.name.slice(agent.length + ON.length)
}

function pathsOf({ watched }: KnownSensor, agent: string): readonly string[] {
  const own = watched.filter((one) => one.agent === agent)
  return cgroupsOf(agent, own)
    .map(({ path }) => path)
    .toSorted()
}

/** Other cgroups, or another start of the sensor's host, are another target. */
function stateOf(sensor: KnownSensor, agent: string): string {
  const { id, report } = sensor
  return hash('sha256', canonicalJson({ sensor: id, boot: report.bootId, paths: [...pathsOf(sensor, agent)] }))
}

function rungOf({ deed }: PlanStep): Exclude<Rung, 'watch'> {
  if (deed.kind === 'rung' && deed.rung !== 'watch') return deed.rung
  return 'soft-quarantine'
}

/** Applied where the sensor did it; whether it holds is for the probe to say. */
function outcomeOfHold({ record, steps }: Known): EffectOutcome {
  const isApplied = steps.some(({ state }) => state === 'applied')
  return { status: isApplied && record.state !== 'released' ? 'done' : 'failed', detail: record.detail }
}
