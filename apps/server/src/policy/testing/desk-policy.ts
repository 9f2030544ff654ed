import { generatorOf, NO_ROLLOUT, withRecord, type GeneratorFacts, type RolloutState } from '@holdfast/enforce'
import type { ArtifactKind, BlastRadius, PolicyArtifact, PolicyDeed } from '@holdfast/model'

/** When the policies of the desk are made unless told, RFC 3339. */
export const DESK_NOW = '2026-09-01T00:00:00Z'
/** Whom they are rolled out to: the class of the desk. */
export const DESK_GROUP = { kind: 'class', class: 'support' } as const

const MONTH_MS = 30 * 86_400_000

/** The desk under an id, and what else of its facts matters to a test; the rest is that of a converged profile. */
export type DeskFacts = Pick<GeneratorFacts['agent'], 'id'> & {
  readonly kind: ArtifactKind
  /** Destinations that its profile saw, as recorded: `203.0.113.5:443`. */
  readonly reached: readonly string[]
  readonly place?: Pick<GeneratorFacts['agent'], 'namespace' | 'workload' | 'labels'>
  /** Of the version of the profile. */
  readonly digest?: string
} & Partial<Pick<GeneratorFacts, 'names' | 'platform' | 'now'>>

/** A policy that the product's own generator makes of the desk; throws where it refuses. */
export function deskPolicy({
  kind,
  id,
  place,
  reached,
  digest = 'd1'.repeat(32),
  ...facts
}: DeskFacts): PolicyArtifact {
  const { now = DESK_NOW } = facts
  const generation = generatorOf(kind)?.generate({
    agent: { id, name: 'desk', class: 'support', ...place },
    profile: { digest, asOf: now, days: 30, observations: 900, size: 50, status: 'converged' },
    entries: reached.map((key) => ({
      dimension: 'destination',
      key,
      count: 40,
      daysSeen: 12,
      recency: 1,
      first: new Date(Date.parse(now) - MONTH_MS).toISOString(),
      last: now,
      entries: [3],
    })),
    grants: [],
    uses: [],
    names: new Map(),
    inForce: [],
    platform: { dns: [], collector: [] },
    decisions: {},
    ...facts,
    now,
  })
  if (generation?.status !== 'made') throw new Error(`no ${kind} was made`)
  return generation.artifact
}

/** The steps by which a policy begins to be watched. */
export function watchedBy(artifact: PolicyArtifact): readonly PolicyDeed[] {
  return [
    { do: 'generated', artifact, principals: [] },
    { do: 'monitored', group: DESK_GROUP, artifacts: [artifact.id] },
  ]
}

/** What was measured of a policy that would stop nothing. */
export function harmless(artifact: PolicyArtifact): BlastRadius {
  return {
    from: '',
    to: '',
    artifacts: [artifact.id],
    judged: 1,
    denied: 0,
    agents: [artifact.agent],
    affectedAgents: [],
    conversations: 1,
    affectedConversations: 0,
    toolCalls: 0,
    affectedToolCalls: 0,
  }
}

/** How things stand after these steps, the first of which is log entry `from`. */
export function rolloutAfter(deeds: readonly PolicyDeed[], { from }: { readonly from: number }): RolloutState {
  return deeds.reduce(
    (all, deed, i) => withRecord(all, { entry: from + i, at: DESK_NOW, deed, reason: 'test', by: 'ana' }),
    NO_ROLLOUT,
  )
}
