import type { Answer, IncidentWire, Query } from '@holdfast/api'
import { harmSpeedOf, type Known, type LadderInputs } from '@holdfast/respond'
import type { Rung, UnixNano } from '@holdfast/model'
import type { StatedOfAgents } from './stated.ts'

type Told = Query<'planIncident'>

/** One input, for people: what it is, and whether it was seen, stated of the agent, told for this answer, or is not known. */
export type InputLine = {
  readonly name: string
  readonly value: string
  readonly from: 'seen' | 'stated' | 'told' | 'not-known'
}

export type LadderSources = {
  readonly incident: IncidentWire
  readonly evidence: Answer<'getIncidentEvidence'>
  /** The case has a seal. */
  readonly isSealed: boolean
  readonly stated: StatedOfAgents
  /** Regimes that are on and under which holding it is to be reported. */
  readonly duties: readonly string[]
  /** The rung of a plan that stands and of which a probe got through. */
  readonly failedProbe: Rung | undefined
  readonly told: Told
}

/** What the ladder is asked, and where each answer comes from. What nobody saw or told stays unknown. */
export function ladderInputs(sources: LadderSources): {
  readonly inputs: LadderInputs
  readonly lines: readonly InputLine[]
} {
  const { incident, evidence, isSealed, stated, told } = sources
  const downstream = receiversOf(incident)
  const live = answered('live', told.live, stated.isLive)
  const restartable = answered('restartable', told.restartable, stated.isRestartable)
  const reversible = answered('reversible', told.reversible, stated.isReversible)
  const harm = paceOf(incident, told.harm)
  const reach = reachOf(incident, told.reach)
  const lives = livesOf(stated, told.takeover)
  const duties = dutiesOf(sources)
  const failed = told.failedProbe ?? sources.failedProbe
  const inputs: LadderInputs = {
    outcome: incident.outcome,
    type: incident.type,
    contributing: incident.contributing,
    confidence: incident.confidence,
    tier: incident.tier,
    isLive: live.value,
    isRestartable: restartable.value,
    harm: { speed: harm.value, isReversible: reversible.value },
    reach: reach.value,
    ...(told.narrow === undefined ? {} : { narrow: told.narrow }),
    evidence: {
      completeness: evidence.completeness,
      isSealed,
      artifacts: evidence.artifacts.map(({ id, name, completeness }) => ({
        id,
        name,
        ...(completeness === undefined ? {} : { completeness }),
      })),
    },
    duties: duties.value,
    downstream,
    lifeSafety: lives.value,
    ...(failed === undefined ? {} : { failedProbe: failed }),
  }
  const seen = (name: string, value: string): InputLine => ({ name, value, from: 'seen' })
  const lines: readonly InputLine[] = [
    seen('outcome', incident.outcome),
    seen('type', incident.type),
    seen('contributing', incident.contributing.join(', ') || 'none'),
    seen('confidence', incident.confidence.toFixed(2)),
    seen('tier', incident.tier),
    seen('completeness', `${Math.floor(evidence.completeness * 100)} %`),
    seen('sealed', isSealed ? 'yes' : 'no'),
    seen('receivers', downstream.map(({ receiver }) => receiver).join(', ') || 'none'),
    ...(incident.type === 'runtime-execution-escape' ? [reach.line] : []),
    live.line,
    restartable.line,
    harm.line,
    reversible.line,
    ...(told.narrow === undefined ? [] : [{ name: 'narrow', value: told.narrow, from: 'told' } as const]),
    ...duties.lines,
    lives.line,
    ...(failed === undefined
      ? []
      : [{ name: 'failed probe', value: failed, from: told.failedProbe === undefined ? 'seen' : 'told' } as const]),
  ]
  return { inputs, lines }
}

type Answered<T> = { readonly value: T; readonly line: InputLine }

/** What is told for this answer goes before what was stated of the agent, and neither is guessed. */
function answered(name: string, told: 'yes' | 'no' | undefined, stated: Known<boolean>): Answered<Known<boolean>> {
  if (told !== undefined) return { value: told === 'yes', line: { name, value: told, from: 'told' } }
  if (stated === 'unknown') return { value: stated, line: { name, value: stated, from: 'not-known' } }
  return { value: stated, line: { name, value: stated ? 'yes' : 'no', from: 'stated' } }
}

function paceOf(
  { harmfulActs, harmfulActsAtLeast }: IncidentWire,
  told: Told['harm'],
): Answered<LadderInputs['harm']['speed']> {
  if (told !== undefined) return { value: told, line: { name: 'harm', value: told, from: 'told' } }
  const pace = harmSpeedOf(harmfulActs.map((at) => BigInt(at) as UnixNano)) // written from a UnixNano
  const count = harmfulActsAtLeast === undefined ? harmfulActs.length : `at least ${harmfulActsAtLeast}`
  const value = pace === 'unknown' ? pace : `${pace}, by ${count} acts`
  return { value: pace, line: { name: 'harm', value, from: pace === 'unknown' ? 'not-known' : 'seen' } }
}

function reachOf(incident: IncidentWire, told: Told['reach']): Answered<LadderInputs['reach']> {
  if (told !== undefined) return { value: told, line: { name: 'reach', value: told, from: 'told' } }
  const value = reachSeen(incident) ?? 'unknown'
  return { value, line: { name: 'reach', value, from: value === 'unknown' ? 'not-known' : 'seen' } }
}

/** Nobody is asked to prove that no life depends on an agent: it is taken as no until somebody says so. */
function livesOf(stated: StatedOfAgents, told: Told['takeover']): Answered<LadderInputs['lifeSafety']> {
  const name = 'lives depend on it'
  const yes = (takeover: NonNullable<Told['takeover']>, from: 'told' | 'stated') => ({
    value: { kind: 'yes', takeover } as const,
    line: { name, value: `yes, takeover ${takeover}`, from },
  })
  if (told !== undefined) return yes(told, 'told')
  if (stated.lifeSafety?.kind === 'yes') return yes(stated.lifeSafety.takeover, 'stated')
  const isStated = stated.lifeSafety !== undefined
  const value = isStated ? 'no' : 'no, as nobody said so'
  return { value: { kind: 'no' }, line: { name, value, from: isStated ? 'stated' : 'not-known' } }
}

function dutiesOf({ told, duties, stated }: LadderSources): {
  readonly value: readonly string[]
  readonly lines: readonly InputLine[]
} {
  const ids = (told.duties ?? '').split(',').flatMap((id) => (id.trim() === '' ? [] : [id.trim()]))
  const lines = [
    ...(ids.length === 0 ? [] : [{ name: 'duties', value: ids.join(', '), from: 'told' } as const]),
    ...(duties.length === 0
      ? []
      : [{ name: 'duties by regimes that are on', value: duties.join(', '), from: 'seen' } as const]),
    ...(stated.reportable.length === 0
      ? []
      : [{ name: 'reportable', value: stated.reportable.join(', '), from: 'stated' } as const]),
  ]
  const own = stated.reportable.length > 0 && duties.length === 0 ? [STATED_DUTY] : []
  return { value: [...new Set([...ids, ...duties, ...own])], lines }
}

/** Stands for the regime that nobody turned on, where an agent is stated as one whose stopping is reportable. */
const STATED_DUTY = 'stated-reportable'

/**
 * Agents that were given work in the incident; those that the incident itself holds are tainted. Where no hand-over is known
 * between the agents of an incident, which of them received is not known either.
 */
function receiversOf({ agents, graph }: IncidentWire): LadderInputs['downstream'] {
  const agentOf = new Map(graph.nodes.map(({ id, agent }) => [id, agent]))
  const given = graph.edges.flatMap(({ kind, from, to }) => {
    const receiver = agentOf.get(to)
    return kind === 'delegated' && receiver !== undefined && receiver !== agentOf.get(from) ? [receiver] : []
  })
  const handed = new Set(given)
  if (handed.size === 0 && agents.length > 1) return agents.map((receiver) => ({ receiver, isTainted: 'unknown' }))
  return [...handed].map((receiver) => ({ receiver, isTainted: agents.includes(receiver) ? true : 'unknown' }))
}

/** Acts by which code is on the host, or with another container. That it stayed inside is never seen, only not refuted. */
const ON_HOST = ['namespace-entry', 'host-mount', 'foreign-root', 'module-load', 'kernel-handler', 'host-door']
const AT_NEIGHBOUR = ['foreign-file', 'shared-file', 'foreign-memory']

function reachSeen({ columns }: IncidentWire): 'neighbour' | 'host' | undefined {
  const escape = columns.find(({ type }) => type === 'runtime-execution-escape')
  const signals = escape?.for.flatMap(({ signal }) => signal ?? []) ?? []
  const has = (rules: readonly string[]): boolean =>
    signals.some((signal) => rules.some((rule) => signal.startsWith(`kernel/${rule}.`)))
  return has(ON_HOST) ? 'host' : has(AT_NEIGHBOUR) ? 'neighbour' : undefined
}
