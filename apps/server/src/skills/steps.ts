import type { Rung, UnixNano, NamedIncident } from '@holdfast/model'
import type { SkillStep } from '@holdfast/respond'
import type { Cases } from '../case/cases.ts'
import type { Notices } from '../notices/notices.ts'
import type { Plans } from '../response/plans.ts'
import type { Rosters } from '../roster/rosters.ts'
import type { Caller } from '../http/auth.ts'
import type { SensorLink } from '../sensor/link.ts'
import { acquireFacts } from './acquire.ts'
import { acquireMemory } from './acquire-memory.ts'
import { STEP_DETAIL } from './limits.ts'

export type StepSources = {
  /** Data folder: what is taken of processes lies there. */
  readonly folder: string
  readonly cases: Pick<Cases, 'take' | 'stateOf' | 'factsOf'>
  readonly plans: Pick<Plans, 'make' | 'found'>
  readonly notices: Notices
  readonly rosters: Pick<Rosters, 'decide' | 'versionBefore'>
  readonly sensors: Pick<SensorLink, 'sensors'>
  readonly clock: () => UnixNano
}

/** How a step went. `waiting`: for a person, or for the plan that carries it out. */
export type StepOutcome = {
  readonly state: 'done' | 'waiting' | 'failed'
  readonly detail: string
  readonly plan?: string
}

export type StepContext = {
  readonly run: string
  readonly skill: string
  readonly incident: NamedIncident
  readonly targets: Readonly<Record<string, string>>
  readonly by: string
  readonly role: Caller['role']
  readonly reason: string
  /** The plan that an earlier step of the run made. */
  readonly plan: string | undefined
  /** What {@link versionToRestore} chose before the step was first tried. */
  readonly restores: string | undefined
}

/** The version that a step goes back to; undefined where it goes back to none or none is known. */
export function versionToRestore(
  rosters: Pick<Rosters, 'versionBefore'>,
  step: SkillStep,
  targets: Readonly<Record<string, string>>,
): string | undefined {
  if (step.do !== 'roster' || step.change !== 'restore-version') return undefined
  return rosters.versionBefore(targets[step.target] ?? step.target)
}

/** Carries one typed step out, through the parts of the program that do such things for people as well. */
export async function takeStep(sources: StepSources, step: SkillStep, context: StepContext): Promise<StepOutcome> {
  const { cases, notices, rosters, sensors, clock } = sources
  const { run, skill, incident, targets, by } = context
  const target = 'target' in step ? (targets[step.target] ?? step.target) : ''
  switch (step.do) {
    case 'seal': {
      const isOpen = cases.stateOf(incident) !== undefined
      const { seals } = await cases.take(incident.id, { do: isOpen ? 'seal' : 'open' }, by)
      const { size = 0, rootHash = '' } = seals.at(-1) ?? {}
      return { state: 'done', detail: `sealed to entry ${size}, root ${rootHash}` }
    }
    case 'hold':
      return await planned(sources, context, { rung: step.rung, ttlMs: step['ttl-minutes'] * 60_000 })
    case 'cut':
      return await planned(sources, context, { cut: step.cut })
    case 'acquire': {
      if (step.what === 'memory') return await memoryTaken(sources, context, { target, step: step.id })
      const found = acquireFacts(sensors.sensors(), target)
      if (found.status === 'impossible') return { state: 'failed', detail: found.reason }
      return { state: 'done', detail: JSON.stringify(found).slice(0, STEP_DETAIL) }
    }
    case 'notify': {
      await notices.tell({
        id: `skill:${run}:${step.id}`,
        kind: step.what === 'finding' ? 'incident-revised' : 'hold-changed',
        incident: incident.id,
        severity: 'high',
        title: `${skill}: ${step.what} of ${incident.id}`,
        lines: [`asked for by ${by}`, context.reason],
        for: [],
        path: `/incidents/${encodeURIComponent(incident.id)}`,
        at: clock(),
      })
      return { state: 'done', detail: `told through the channels that are set up; asked for was ${step.channel}` }
    }
    case 'ask':
      return { state: 'waiting', detail: `${step.team}: ${step.says}` }
    case 'check': {
      const found = (await cases.factsOf(incident.id)).get(step.fact)
      const says = `${step.fact} is ${found === undefined ? 'not known' : String(found)}`
      return found === step.is
        ? { state: 'done', detail: says }
        : { state: 'failed', detail: `${says}, and should be ${String(step.is)}` }
    }
    case 'roster': {
      const version = step.change === 'retire' ? undefined : context.restores
      if (step.change === 'restore-version' && version === undefined)
        return { state: 'failed', detail: `the roster knows no earlier version of ${target}: pin one by hand` }
      const decision =
        version === undefined
          ? ({ do: 'retire', agent: target } as const)
          : ({ do: 'pin', agent: target, version } as const)
      const { entry } = await rosters.decide({ decision, reason: `${skill}: ${context.reason}` }, by)
      return {
        state: 'done',
        detail: version === undefined ? `retired, log entry ${entry}` : `pinned to ${version}, log entry ${entry}`,
      }
    }
  }
}

/** Memory holds what nobody masked: it waits for an admin, and the log has digests alone. */
async function memoryTaken(
  { sensors, folder }: StepSources,
  { role, run }: StepContext,
  { target, step }: { readonly target: string; readonly step: string },
): Promise<StepOutcome> {
  if (role !== 'admin')
    return { state: 'waiting', detail: 'memory may hold secrets of anybody: an admin goes on with this run' }
  const taken = await acquireMemory({ sensors: sensors.sensors(), workload: target, folder, name: `${run}-${step}` })
  if (taken.status === 'impossible') return { state: 'failed', detail: taken.reason }
  return { state: 'done', detail: JSON.stringify(taken) }
}

type Wanted = { readonly rung: Rung; readonly ttlMs: number } | { readonly cut: string }

/** A hold or a cut is a step of a plan like any other: somebody approves it, and a probe confirms it. */
async function planned({ plans }: StepSources, context: StepContext, wanted: Wanted): Promise<StepOutcome> {
  const { incident, by } = context
  const known = context.plan === undefined ? undefined : plans.found(context.plan)
  if (known !== undefined && serves(known, wanted)) return waitingFor(known, wanted)
  const asked = 'rung' in wanted ? { rung: wanted.rung, ...(wanted.ttlMs > 0 ? { ttlMs: wanted.ttlMs } : {}) } : {}
  const made = await plans.make({ incident: incident.id, by, automatic: 'off', ...asked })
  if (!serves(made, wanted)) {
    const what = 'rung' in wanted ? wanted.rung : wanted.cut
    const left = made.made.left.map((one) => `${one.what}: ${one.why}`).join('; ')
    return { state: 'failed', detail: `nobody who is connected can carry out ${what}${left === '' ? '' : `: ${left}`}` }
  }
  return waitingFor(made, wanted)
}

type Kept = ReturnType<Plans['found']>

function serves({ made }: Kept, wanted: Wanted): boolean {
  return made.plan.steps.some(({ deed }) =>
    'rung' in wanted
      ? deed.kind === 'rung' && deed.rung === wanted.rung
      : deed.kind === 'cut' && deed.cut === wanted.cut,
  )
}

/** What became of the plan's own steps for it: confirmed is done, all else waits or failed. */
function waitingFor(kept: Kept, wanted: Wanted): StepOutcome {
  const { plan } = kept.made
  const own = plan.steps.filter(({ deed }) =>
    'rung' in wanted
      ? deed.kind === 'rung' && deed.rung === wanted.rung
      : deed.kind === 'cut' && deed.cut === wanted.cut,
  )
  const states = own.map(({ id }) => kept.outcome.steps.find(({ step }) => step === id)?.state ?? 'planned')
  const { hash } = kept
  if (states.every((state) => state === 'confirmed'))
    return { state: 'done', detail: `confirmed by a probe`, plan: hash }
  if (states.some((state) => state === 'failed')) return { state: 'failed', detail: kept.outcome.words, plan: hash }
  return {
    state: 'waiting',
    detail: `plan ${hash.slice(0, 12)} is ${kept.outcome.state}: approve and apply it`,
    plan: hash,
  }
}
