import { createHash } from 'node:crypto'
import type { ContainmentPlan, WatchedCgroup } from '@holdfast/model'
import { canonicalJson } from '@holdfast/model'

/**
 * SHA-256 over the canonical JSON of what is to be done to whom, in hex: what was approved is what is applied. The evidence
 * is not part of it, because the log grows between the two; each record has it beside the hash.
 */
export function planHashOf(plan: ContainmentPlan): string {
  const { evidence: _, ...deed } = plan
  return createHash('sha256').update(canonicalJson(deed)).digest('hex')
}

/** The watched cgroups that a target names: an agent's id, an agent's name or a run. Outer ones alone, as they hold the inner. */
export function cgroupsOf(target: string, watched: readonly WatchedCgroup[]): readonly WatchedCgroup[] {
  const named = watched.filter(({ agent, agentName, run }) => [agent, agentName, run].includes(target))
  return named.filter(({ path }) => !named.some((other) => path !== other.path && path.startsWith(`${other.path}/`)))
}

/** Why a plan may not be carried out; empty where it may. */
export function obstaclesOf(plan: ContainmentPlan): readonly string[] {
  const obstacles: string[] = []
  if (plan.paths.length === 0) obstacles.push(`nothing of "${plan.target}" runs in a watched cgroup`)
  if (plan.rung === 'pause' && plan.ttlMs === 0) obstacles.push('a pause needs a time limit')
  if (plan.rung === 'kill' && plan.evidence.completeness < 1) {
    const percent = Math.floor(plan.evidence.completeness * 100)
    obstacles.push(
      `the evidence is complete to ${percent} %: kill waits for all of it, or for two named people who override that, ` +
        'and one token is one person. Use soft-quarantine or pause, and see: holdfast evidence status',
    )
  }
  return obstacles
}
