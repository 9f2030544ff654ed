import type { Answer, IncidentWire, Query } from '@holdfast/api'
import type { Known, LadderInputs } from '@holdfast/respond'

type Told = Query<'planIncident'>

/** One input, for people: what it is, and whether it was seen, told or is not known. */
export type InputLine = { readonly name: string; readonly value: string; readonly from: 'seen' | 'told' | 'not-known' }

export type LadderSources = {
  readonly incident: IncidentWire
  readonly evidence: Answer<'getIncidentEvidence'>
  /** The case has a seal. */
  readonly isSealed: boolean
  readonly told: Told
}

/** What the ladder is asked, and where each answer comes from. What nobody saw or told stays unknown. */
export function ladderInputs({ incident, evidence, isSealed, told }: LadderSources): {
  readonly inputs: LadderInputs
  readonly lines: readonly InputLine[]
} {
  const reach = told.reach ?? reachSeen(incident)
  const downstream = receiversOf(incident)
  const duties = (told.duties ?? '').split(',').flatMap((id) => (id.trim() === '' ? [] : [id.trim()]))
  const inputs: LadderInputs = {
    outcome: incident.outcome,
    type: incident.type,
    contributing: incident.contributing,
    confidence: incident.confidence,
    tier: incident.tier,
    isLive: yesOrNo(told.live),
    isRestartable: yesOrNo(told.restartable),
    harm: { speed: told.harm ?? 'unknown', isReversible: yesOrNo(told.reversible) },
    reach: reach ?? 'unknown',
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
    duties,
    downstream,
    lifeSafety: told.takeover === undefined ? { kind: 'no' } : { kind: 'yes', takeover: told.takeover },
    ...(told.failedProbe === undefined ? {} : { failedProbe: told.failedProbe }),
  }
  const seen = (name: string, value: string): InputLine => ({ name, value, from: 'seen' })
  const toldLine = (name: string, value: string | undefined): InputLine => ({
    name,
    value: value ?? 'unknown',
    from: value === undefined ? 'not-known' : 'told',
  })
  const lines: readonly InputLine[] = [
    seen('outcome', incident.outcome),
    seen('type', incident.type),
    seen('contributing', incident.contributing.join(', ') || 'none'),
    seen('confidence', incident.confidence.toFixed(2)),
    seen('tier', incident.tier),
    seen('completeness', `${Math.floor(evidence.completeness * 100)} %`),
    seen('sealed', isSealed ? 'yes' : 'no'),
    seen('receivers', downstream.map(({ receiver }) => receiver).join(', ') || 'none'),
    ...(incident.type === 'runtime-execution-escape'
      ? [told.reach === undefined && reach !== undefined ? seen('reach', reach) : toldLine('reach', told.reach)]
      : []),
    toldLine('live', told.live),
    toldLine('restartable', told.restartable),
    toldLine('harm', told.harm),
    toldLine('reversible', told.reversible),
    ...(told.narrow === undefined ? [] : [toldLine('narrow', told.narrow)]),
    ...(duties.length === 0 ? [] : [toldLine('duties', duties.join(', '))]),
    // Nobody is asked to prove that no life depends on an agent: it is taken as no until somebody says so.
    told.takeover === undefined
      ? { name: 'lives depend on it', value: 'no, as nobody said so', from: 'not-known' }
      : { name: 'lives depend on it', value: `yes, takeover ${told.takeover}`, from: 'told' },
    ...(told.failedProbe === undefined ? [] : [toldLine('failed probe', told.failedProbe)]),
  ]
  return { inputs, lines }
}

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

function yesOrNo(answer: 'yes' | 'no' | undefined): Known<boolean> {
  return answer === undefined ? 'unknown' : answer === 'yes'
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
