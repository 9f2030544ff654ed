import type { ArtifactKind, AuditLayer, DriftChange, ManagedPlatformKind } from '@holdfast/model'

/** Who is asked about, and as of when. */
export type DiagnosticTarget = {
  readonly agent: string
  /** Untrusted. */
  readonly name: string
  /** The instant, RFC 3339. */
  readonly at: string
  /** False where nobody named one: then it is the newest that the agent's records claim. */
  readonly isChosen: boolean
  /** Says who hosts it, where a document of the provider's API does. */
  readonly hostedBy?: {
    /** Undefined for a platform whose APIs are not known. */
    readonly kind?: ManagedPlatformKind
    readonly platform: string
    readonly api: string
    readonly entry: number
  }
}

/** One part of the inventory at the instant. Names are untrusted. */
export type PartFact = {
  readonly kind: string
  readonly name: string
  readonly version?: string
  readonly digest?: string
  readonly standing: 'declared' | 'observed' | 'both'
  /** Log positions of the sightings in the process; of the document where it is only declared. */
  readonly entries: readonly number[]
}

export type InventoryFacts = {
  /** False before the inventory has heard of the agent at that instant. */
  readonly isKnown: boolean
  readonly parts: readonly PartFact[]
  readonly class: string
  readonly classReasons: readonly string[]
  /** Digest of the starting baseline of the class. */
  readonly baseline: string
  /** What came, went or changed from the instant to now, with what proves it. */
  readonly changes: readonly { readonly what: string; readonly when?: string; readonly entries: readonly number[] }[]
  /** Classes and digests of the other agents, by namespace: a baseline follows what an agent is. */
  readonly peers: readonly PeerClass[]
  readonly leftOut: number
}

export type PeerClass = {
  readonly agent: string
  readonly namespace: string
  readonly class: string
  readonly baseline: string
}

/** One day of one dimension, as the chart has it. */
export type ChartDay = {
  readonly date: string
  readonly distance: number
  readonly spread?: number
  readonly within: boolean
}

export type ConvergenceFacts = {
  readonly status: 'no-traffic' | 'observing' | 'converged' | 'non-convergent'
  readonly verdict: string
  readonly since?: string
  readonly partial?: string
  readonly firstDay?: string
  readonly lastDay?: string
  readonly observations: number
  /** Windows that an incident took out, still in force. */
  readonly exclusions: readonly { readonly reason: string; readonly entry: number }[]
  readonly dimensions: readonly {
    readonly dimension: string
    readonly converged: boolean
    readonly days: readonly ChartDay[]
  }[]
  /** Limit of the spread for the agent's class. */
  readonly spreadLimit: number
  /** Log positions of entries that the newest observations rest on. */
  readonly entries: readonly number[]
  readonly track: {
    readonly track: 1 | 2
    readonly reasons: readonly string[]
    readonly obstacles: readonly string[]
    readonly dataClasses?: readonly string[]
  }
  /** Log positions of what was stated of the agent, by field. */
  readonly statements: readonly { readonly field: string; readonly entry: number }[]
}

export type ScopeFacts = {
  readonly profile: 'complete' | 'partial'
  readonly gaps: readonly string[]
  /** Statements of authority that were read, by list; ids that stand in both lists are a fault. */
  readonly unusedExcess: number
  readonly inheritedOverreach: number
  readonly inBoth: number
  /** Rows of every list. */
  readonly rows: number
  readonly undetermined: number
  readonly unresolved: number
  /** Log positions of the documents that grant, and of the uses. */
  readonly documents: readonly number[]
  readonly uses: readonly number[]
}

/** Something that is missing from the log while the agent was to be heard. */
export type GapFact = {
  readonly entry: number
  readonly from: string
  readonly to: string
  readonly channel: string
  readonly reason: string
  readonly detail: string
  /** Nothing of the record says whose it is: the agent is heard on the channel, as others may be. */
  readonly isAnyones?: boolean
}

/** A generated policy that is or was in force for an agent. */
export type EnvelopeFact = {
  readonly artifact: string
  readonly kind: ArtifactKind
  readonly agent: string
  readonly profileDigest: string
  readonly stage: 'generated' | 'monitor' | 'enforce' | 'expired' | 'contaminated'
  readonly lines: number
  /** Lines that must have a ground, and those that have lost it. */
  readonly grounded: number
  readonly lostGround: number
  /** The four choices behind it that name who chose. */
  readonly decisions: number
  readonly narrows: boolean
  /** Log positions of its grounds, and of the record that it stands in. */
  readonly grounds: readonly number[]
  readonly record: number
}

/** What an envelope did: one call or destination of one agent, let through or refused. */
export type EnvelopeOutcome = {
  readonly agent: string
  readonly artifact: string
  readonly what: string
  readonly outcome: 'allowed' | 'denied'
  readonly entry: number
  readonly event?: string
}

export type EnvelopeFacts = {
  /** Of the agent that is asked about. */
  readonly own: readonly EnvelopeFact[]
  /** Of the others that stand at the same time. */
  readonly others: readonly EnvelopeFact[]
  readonly outcomes: readonly EnvelopeOutcome[]
  /** Why no policy could be generated, where it was tried. */
  readonly refusals: readonly string[]
}

export type DriftFacts = {
  readonly from: string
  readonly to: string
  /** First day that was judged, and the days that the profile had; undefined while it is only being made. */
  readonly judgedFrom?: string
  readonly profileDays: number
  readonly executions: number
  readonly changes: readonly DriftFact[]
  /** Changes that were deployed in the window, with their log positions. */
  readonly deploys: readonly { readonly at: string; readonly entry: number }[]
  /** Days on which a stream that speaks every day said nothing. */
  readonly silent: readonly string[]
  readonly leftOut: number
}

/** One change of behaviour as it was judged. */
export type DriftFact = Pick<DriftChange, 'at' | 'side' | 'severity' | 'entries'> & {
  /** Log position of the recorded change that explains it, or of the word of a person who accepted it. */
  readonly explainedBy?: number
}

export type AuditFacts = {
  /** Violations of artifacts on record for the agent. */
  readonly violations: number
  /** False while acts since its first policy are still to be judged. */
  readonly isWhole: boolean
  readonly row?: {
    readonly id: string
    readonly about: string
    readonly layers: readonly {
      readonly layer: AuditLayer
      readonly state: 'complete' | 'partial' | 'absent' | 'constrained'
      /** False where it was watched and there was nothing. */
      readonly isExpected: boolean
      readonly reason: string
      readonly entries: readonly number[]
    }[]
    readonly trigger?: { readonly what: string; readonly entries: readonly number[] }
    /** The violated line. */
    readonly violated?: { readonly artifact: string; readonly pointer: string; readonly entry: number }
    readonly coverage: number
    readonly proofs: number
  }
}

/** All that was looked up; a part is undefined where there is nothing of it at all. */
export type DiagnosticFacts = {
  readonly target: DiagnosticTarget
  readonly inventory: InventoryFacts | undefined
  readonly convergence: ConvergenceFacts | undefined
  readonly scope: ScopeFacts | undefined
  readonly envelopes: EnvelopeFacts | undefined
  readonly drift: DriftFacts | undefined
  readonly audit: AuditFacts | undefined
  /** Gaps in the agent's streams, by when they were; `gapsCut` tells of what the ledger dropped. */
  readonly gaps: readonly GapFact[]
  readonly gapsCut: number
}
