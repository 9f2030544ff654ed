import type {
  AgentClass,
  ArtifactKind,
  DerivationDecisions,
  Event,
  PolicyArtifact,
  PolicyInForce,
  PolicyJudgement,
  ProfileDimension,
} from '@holdfast/model'

/** One entry of the profile as generators read it. */
export type ProfileFact = {
  readonly dimension: ProfileDimension
  /** Untrusted text. */
  readonly key: string
  readonly count: number
  readonly daysSeen: number
  /** 1 on the day it was last seen, halved with every half-life of the class (requirements 6.2). */
  readonly recency: number
  /** Claimed times, RFC 3339. */
  readonly first: string
  readonly last: string
  /** Log positions that prove it, oldest first, at most as many as the reader's bound; `count` says how many there are. */
  readonly entries: readonly number[]
}

/** A statement of authority and whether it was used: what `observe` concluded, as far as generators need it. */
export type GrantFact = {
  readonly plane: string
  readonly principal: string
  readonly action: string
  readonly resources: readonly string[]
  readonly path: 'direct' | 'inherited'
  readonly category: string
  readonly source: string
  readonly statement: string
  /** Log position of the document that holds the statement. */
  readonly declaredBy: number
  /** Log positions of the latest uses; none where it is idle. */
  readonly uses: readonly number[]
  readonly useCount: number
  readonly conditions: readonly string[]
}

/** One use of authority, as the audit log has it: what of a wide grant is really exercised. */
export type UseFact = {
  readonly plane: string
  readonly principal: string
  readonly action: string
  readonly resources: readonly string[]
  readonly entries: readonly number[]
  readonly count: number
  /**
   * Days of claimed time on which it was done, `YYYY-MM-DD`; where they are absent, the profile's entry of the same principal and
   * action says how many there were.
   */
  readonly days?: readonly string[]
}

/** A tool as a server last offered it: what of the inventory an allow-list needs. */
export type ToolFact = {
  readonly name: string
  readonly server?: string
  /** SHA-256 of the canonical JSON of its definition, where it was seen whole. */
  readonly definition?: string
  /** Log positions of the lists that offered it. */
  readonly entries: readonly number[]
}

/** All that a generator may read. It is put together from the log as of one instant, so a policy can be derived again. */
export type GeneratorFacts = {
  readonly agent: {
    readonly id: string
    readonly name: string
    readonly class: AgentClass
    readonly cluster?: string
    readonly namespace?: string
    readonly workload?: string
    /** Labels that select its pods; without them the generator takes those that its platform sets. */
    readonly labels?: Readonly<Record<string, string>>
    /** Hosted by a provider: then kernel layers are not to be had. */
    readonly managedBy?: 'aws' | 'gcp' | 'azure'
  }
  readonly profile: PolicyArtifact['profile'] & {
    readonly status: 'observing' | 'converged' | 'non-convergent' | 'contaminated' | 'none'
    /** Why it must not become a policy: it began after the start of a process. */
    readonly partial?: string
    /** How far observation is, in words. */
    readonly verdict?: string
  }
  /** Of an agent on track 2: the entries are those of its staging profile. */
  readonly preEnforced?: {
    /** Agent that was observed in staging. */
    readonly staging: string
    readonly parityPassed: boolean
    readonly reason: string
  }
  /** Destinations stand here as they were recorded, `203.0.113.5:443`, and not under the names that they are shown by. */
  readonly entries: readonly ProfileFact[]
  readonly tools?: readonly ToolFact[]
  readonly grants: readonly GrantFact[]
  readonly uses: readonly UseFact[]
  /** By address: the names that it was seen under. */
  readonly names: ReadonlyMap<string, readonly string[]>
  readonly inForce: readonly PolicyInForce[]
  /** Planes whose policies in force were read, so that none in `inForce` means none. Of other planes nothing is known. */
  readonly planesRead?: readonly PolicyInForce['plane'][]
  /** Name servers and the collector, `address:port/protocol`: never cut. */
  readonly platform: { readonly dns: readonly string[]; readonly collector: readonly string[] }
  /** What a person chose otherwise than the class does. */
  readonly decisions: Partial<DerivationDecisions>
  /** Time of the derivation, RFC 3339: a pure function reads no clock. */
  readonly now: string
}

/** Why nothing was made, by a name that a program can tell apart, and what is missing. */
export type GenerationRefusal = {
  readonly status: 'refused'
  readonly code:
    | 'no-profile'
    | 'observation-incomplete'
    | 'profile-partial'
    | 'profile-contaminated'
    | 'constrained-by-provider'
    | 'nothing-observed'
    /** It does not run where this layer stands: a policy that selects pods is none for a process on a host. */
    | 'not-in-layer'
    /** What was observed does not fit what the platform takes. */
    | 'too-large'
  readonly reason: string
  readonly missing: readonly string[]
}

export type Generation = { readonly status: 'made'; readonly artifact: PolicyArtifact } | GenerationRefusal

/** One layer: how its policy is made of a profile, and what that policy says of an act. Both pure. */
export type Generator = {
  readonly kind: ArtifactKind
  readonly generate: (facts: GeneratorFacts) => Generation
  /** Compiled once, asked for each event of a window. */
  readonly judge: (artifact: PolicyArtifact) => (event: Event) => PolicyJudgement
}
