import type { EnforcementStage } from '@holdfast/model'
import { inForceAt } from './in-force.ts'
import { newestOf, type RolloutState } from './state.ts'

/** What admitted an agent to a stage, or what it waits for. */
export type StageStep = {
  readonly stage: EnforcementStage
  readonly isReached: boolean
  readonly evidence: string
  /** Log positions that show it. */
  readonly entries: readonly number[]
}

/** What is known of an agent's observation. */
export type ObservationFacts = {
  /** Log position that first told of the agent. */
  readonly discovered?: number
  readonly observations: number
  /** Whether observation is complete, in words. */
  readonly verdict: string
  readonly isComplete: boolean
}

/** The four stages of an agent with what admits it to each (requirement ENF-11). */
export function stagesOf(
  state: RolloutState,
  agent: string,
  { observed, now }: { readonly observed: ObservationFacts; readonly now: string },
): { readonly stage: EnforcementStage; readonly steps: readonly StageStep[] } {
  const standing = inForceAt(state, agent, { time: now })
  const enforced = standing.filter(({ mode }) => mode === 'enforce')
  const layers = newestOf(state, agent)
  const open = layers.filter(({ artifact }) => !enforced.some(({ period }) => period.kind === artifact.kind))
  const isSelective = enforced.length > 0
  const isFull = isSelective && open.length === 0
  const steps: readonly StageStep[] = [
    {
      stage: 'discovery',
      isReached: true,
      evidence: 'it was seen',
      entries: observed.discovered === undefined ? [] : [observed.discovered],
    },
    {
      stage: 'observation',
      isReached: observed.observations > 0,
      evidence: observed.observations > 0 ? observed.verdict : 'nothing was observed of it',
      entries: [],
    },
    {
      stage: 'selective',
      isReached: isSelective,
      evidence: isSelective
        ? `${enforced.map(({ period }) => period.kind).join(', ')} enforced after a measured report`
        : waiting(state, agent, observed),
      entries: enforced.map(({ period }) => period.from),
    },
    {
      stage: 'full',
      isReached: isFull,
      evidence: isFull
        ? `all ${layers.length} layers that a policy was generated for are enforced`
        : `not enforced: ${open.map(({ artifact }) => artifact.kind).join(', ') || 'no policy was generated'}`,
      entries: isFull ? enforced.map(({ period }) => period.from) : [],
    },
  ]
  return { stage: steps.findLast(({ isReached }) => isReached)?.stage ?? 'discovery', steps }
}

function waiting(state: RolloutState, agent: string, { isComplete, verdict }: ObservationFacts): string {
  if (!isComplete) return `waits for observation: ${verdict}`
  if (newestOf(state, agent).length === 0)
    return `waits for a policy to be generated, which its profile allows: ${verdict}`
  const groups = [...state.groups.values()].filter(({ monitored }) =>
    monitored.artifacts.some((id) => state.artifacts.get(id)?.artifact.agent === agent),
  )
  if (groups.length === 0) return 'waits for its rollout to start'
  return groups.some(({ report }) => report !== undefined)
    ? 'measured: waits for a decision to enforce'
    : 'watched: waits for the report of what it would lose'
}
