import type { EnvelopeCitation } from './policy.ts'
import type { Allowed, HoldCheck, HoldRung } from './sensor.ts'

/** How hard an agent is stopped, softest first (docs/holding.md). */
export type Rung = 'watch' | HoldRung

export const RUNGS = [
  'watch',
  'restrict',
  'soft-quarantine',
  'pause',
  'stop',
  'kill',
] as const satisfies readonly Rung[]

/** `applied` and `confirmed` are different words: only a probe makes the second. */
export type ContainmentState = 'requested' | 'applied' | 'confirmed' | 'failed' | 'refused' | 'released'

/** What is to be done to whom. What was approved is what is applied: its hash is in every record about it. */
export type ContainmentPlan = {
  readonly target: string
  readonly agent: string
  readonly agentName: string
  readonly run?: string
  readonly sensor: string
  /** The cgroups that are live and watched for the target, below the cgroup v2 mount. */
  readonly paths: readonly string[]
  readonly rung: Rung
  readonly reason: string
  /** 0 never ends by itself. */
  readonly ttlMs: number
  readonly allow: readonly Allowed[]
  /** The policy that `allow` is taken from, the collector apart; absent where it comes from none. */
  readonly envelope?: EnvelopeCitation
  /** The log as it was sealed before anything was done. */
  readonly evidence: {
    readonly logSize: number
    readonly rootHash: string
    /** Least completeness of the six artifacts over the agent's conversations, 0 to 1. */
    readonly completeness: number
  }
}

/** One step of a containment. All steps of one have the same id and the hash of the plan. */
export type ContainmentRecord = {
  readonly containment: string
  readonly state: ContainmentState
  readonly by: string
  readonly planHash: string
  readonly plan: ContainmentPlan
  readonly detail: string
  readonly checks: readonly HoldCheck[]
  /** The step of a response plan that it carries out; absent where a person held the agent by itself. */
  readonly response?: { readonly plan: string; readonly step: string }
}
