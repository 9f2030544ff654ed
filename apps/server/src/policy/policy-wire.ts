import type { AgentPoliciesWire, PolicyArtifactWire, RolloutWire } from '@holdfast/api'
import { inForceAt, newestOf, stagesOf, type Generated, type RolloutState } from '@holdfast/enforce'
import type { BlastRadius, PolicyArtifact } from '@holdfast/model'
import type { Standing } from './simulation-task.ts'

/** An agent with its stage and its artifacts, the newest of each layer first; `artifact` is told however old it is. */
export function agentPolicies(
  state: RolloutState,
  standing: Standing,
  { now, artifact: asked }: { readonly now: string; readonly artifact?: string | undefined },
): AgentPoliciesWire {
  const { agent, name, class: agentClass, verdict, observations, discovered, refusal } = standing
  const observed = {
    observations,
    verdict,
    isComplete: refusal === undefined,
    ...(discovered === undefined ? {} : { discovered }),
  }
  const { stage, steps } = stagesOf(state, agent, { observed, now })
  const newest = newestOf(state, agent)
  const standingIds = new Set(inForceAt(state, agent, { time: now }).map(({ artifact }) => artifact.id))
  for (const places of state.placed.values()) {
    const placed = places.at(-1)
    if (placed?.agent === agent) standingIds.add(placed.artifact)
  }
  const older = [...state.artifacts.values()].filter(
    (one) =>
      (standingIds.has(one.artifact.id) || (one.artifact.id === asked && one.artifact.agent === agent)) &&
      !newest.includes(one),
  )
  return {
    agent,
    name,
    class: agentClass,
    stage,
    steps: steps.map((step) => ({ ...step, entries: [...step.entries] })),
    ...(refusal === undefined ? {} : { refusal }),
    artifacts: [...newest, ...older].map((one) =>
      rowOf(one, { state, now, isNewest: newest.includes(one), isTainted: restsOnTaint(one.artifact, standing) }),
    ),
    decisions: { ...state.chosen.get(agent) },
  }
}

/** A mark that came after the log was read for it; who is in force is pulled back by a record, and told by that. */
function restsOnTaint({ profile }: PolicyArtifact, { contaminatedBy }: Standing): boolean {
  return contaminatedBy.some((mark) => mark >= profile.size)
}

function rowOf(
  { artifact, entry, at, by }: Generated,
  {
    state,
    now,
    isNewest,
    isTainted,
  }: {
    readonly state: RolloutState
    readonly now: string
    readonly isNewest: boolean
    readonly isTainted: boolean
  },
): AgentPoliciesWire['artifacts'][number] {
  const { id, kind, lines, validUntil, profile, effective, agent } = artifact
  const force = inForceAt(state, agent, { time: now }).filter((one) => one.artifact.id === id)
  const spent = state.spent.get(id)
  const isExpired = Date.parse(now) >= Date.parse(validUntil)
  return {
    id,
    kind,
    lines: lines.length,
    generatedAt: at,
    generatedBy: by,
    entry,
    validUntil,
    profileDigest: profile.digest,
    narrows: effective.narrows,
    placed: [...state.placed].flatMap(([target, places]) => {
      const { artifact: newest, entry: putAt, differences = [] } = places.at(-1) ?? {}
      return newest === id && putAt !== undefined ? [{ target, entry: putAt, differences: [...differences] }] : []
    }),
    state:
      spent ??
      (isTainted && force.length === 0
        ? 'contaminated'
        : isExpired
          ? 'expired'
          : force.some(({ mode }) => mode === 'enforce')
            ? 'enforce'
            : force.length > 0
              ? 'monitor'
              : isNewest
                ? 'proposed'
                : 'replaced'),
  }
}

export function rolloutsWire({ groups }: RolloutState): RolloutWire[] {
  return [...groups.values()].map(({ group, monitored, report, enforced }) => ({
    group,
    state: enforced.length > 0 ? 'enforced' : report === undefined ? 'monitored' : 'reported',
    monitored: { ...monitored, artifacts: [...monitored.artifacts] },
    ...(report === undefined ? {} : { report: { ...report, radius: radiusWire(report.radius) } }),
    enforced: [...enforced],
  }))
}

function radiusWire({ unmeasured, ...radius }: BlastRadius): NonNullable<RolloutWire['report']>['radius'] {
  return {
    ...radius,
    artifacts: [...radius.artifacts],
    ...(unmeasured === undefined ? {} : { unmeasured: [...unmeasured] }),
    agents: [...radius.agents],
    affectedAgents: [...radius.affectedAgents],
  }
}

/** A copy, because what travels is not readonly; the document is JSON, as its grammar has it. */
export function artifactWire(artifact: PolicyArtifact): PolicyArtifactWire {
  return JSON.parse(JSON.stringify(artifact)) as PolicyArtifactWire
}
