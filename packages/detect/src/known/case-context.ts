import type { ScopeReport } from '@holdfast/observe'
import type { AgentClass, AgentId, Event, ProfileDimension, VolumeMeasure } from '@holdfast/model'
import type { AuthorityProfile } from '../signals/authority-expected.ts'

/**
 * What is known of the agents of a case apart from its own events. Each part may be missing, and then nothing is concluded
 * from it; `missing` of the classification says so.
 */
export type CaseContext = { readonly ofAgent: (agent: AgentId) => AgentContext | undefined }

/** Nothing is known: what needs no knowledge of the agent is said all the same. */
export const NO_CONTEXT: CaseContext = { ofAgent: () => undefined }

/** One agent: what it normally does, may do, and was changed to do. */
export type AgentContext = {
  readonly class: AgentClass
  /** What was observed of it before an instant (claimed, nanoseconds); undefined where that is too little. */
  readonly profileAt: (at: bigint) => KnownProfile | undefined
  /** The same of what authorities recorded of it. */
  readonly authorityAt: (at: bigint) => AuthorityProfile | undefined
  /** What it may, held against what it did up to the end of the case. */
  readonly scope: () => Pick<ScopeReport, 'inventoryGaps' | 'inheritedOverreach'> | undefined
  /** Changes that somebody made and a system recorded. */
  readonly changes: readonly KnownChange[]
  /** Definitions of tools that were ever approved for it; empty where nobody approves any. */
  readonly approved: () => readonly ApprovedTool[]
  /** Its peers, as the roster last listed them; undefined where the roster does not have it. */
  readonly listed: () => ListedPeers | undefined
  /** Other agents that are known to use files of a folder, which ends in a slash; none for folders that everybody uses. */
  readonly othersAt: (folder: string) => readonly string[]
}

/** A profile as of an instant. Marked sightings do not count. */
export type KnownProfile = {
  /** Days with anything observed before the instant. */
  readonly days: number
  /** An entry as it was; undefined for what was never seen before. `key` as an observation has it. */
  readonly entry: (dimension: ProfileDimension, key: string) => KnownEntry | undefined
  /** A tool under whatever server it was seen. */
  readonly anyServer: (tool: string) => KnownEntry | undefined
  /** True where it wrote a file of that folder, which ends in a slash. */
  readonly writesIn: (folder: string) => boolean
  /** How many entries a dimension holds: none means that nobody looked, and that nothing in it is new. */
  readonly size: (dimension: ProfileDimension) => number
  /** True where the dimension had stopped growing: what is new then says more. */
  readonly isSettled: (dimension: ProfileDimension) => boolean
  /** How the key is shown: an address under the name that a DNS answer gave it. */
  readonly shownAs: (dimension: ProfileDimension, key: string) => string
  /** The 99th percentile of what one execution took, of how many; absent where too few were seen. */
  readonly bounds: ReadonlyMap<VolumeMeasure, KnownBound>
  /** What was given as one argument of a tool; undefined where that is an open set, or nobody looked. */
  readonly values: (tool: string, path: string) => KnownValues | undefined
}

export type KnownEntry = {
  readonly first: bigint
  readonly last: bigint
  readonly days: number
  readonly isStale: boolean
}
export type KnownBound = { readonly p99: number; readonly executions: number }

/** A closed set of values, by their digests (observe's `valueDigest`). */
export type KnownValues = {
  readonly knows: (digest: string) => boolean
  readonly distinct: number
  readonly calls: number
}

type ChangeBody = Extract<Event['body'], { readonly kind: 'change' }>

/** A recorded change with its time (claimed, nanoseconds) and the entry that holds it. */
export type KnownChange = Omit<ChangeBody, 'kind'> & { readonly at: bigint; readonly entry: number }

/** Whom an agent may hand work to or take it from. */
export type ListedPeers = {
  readonly peers: readonly string[]
  /** Log entry of the decision. */
  readonly entry: number
}

/** A definition that was approved, by its digest, and since when. */
export type ApprovedTool = {
  readonly server: string
  readonly tool: string
  readonly definition: string
  /** Log entry of the approval. */
  readonly entry: number
}
