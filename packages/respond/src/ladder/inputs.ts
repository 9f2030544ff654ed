import type { ArtifactId, IncidentType, Rung, TrustTier } from '@holdfast/model'

/** `unknown` is an answer: nobody declared it and nothing showed it. It never reads as the harmless one. */
export type Known<T> = T | 'unknown'

/** Everything that the ladder is chosen by. What is not among it has no influence. */
export type LadderInputs = {
  readonly outcome: 'incident' | 'attempt'
  readonly type: IncidentType
  readonly contributing: readonly IncidentType[]
  /** 0 to 1, of the type. */
  readonly confidence: number
  /** Strongest tier among the evidence. */
  readonly tier: TrustTier
  /** Somebody is being served now. */
  readonly isLive: Known<boolean>
  /** It may be ended and started again without harm to its work. */
  readonly isRestartable: Known<boolean>
  readonly harm: Harm
  /** How far a runtime escape came; not looked at for the other types. */
  readonly reach: Known<'inside' | 'neighbour' | 'host'>
  /**
   * The one tool, scope, destination or edge through which all harmful acts of the chain went, and which can be cut alone.
   * Absent where there were several, and where it is not known.
   */
  readonly narrow?: string
  readonly evidence: EvidenceInHand
  /** Regimes under which stopping the agent is itself to be reported, by id. */
  readonly duties: readonly string[]
  readonly downstream: readonly DownstreamEdge[]
  readonly lifeSafety: { readonly kind: 'no' } | { readonly kind: 'yes'; readonly takeover: Takeover }
  /** The rung whose probe got through. */
  readonly failedProbe?: Rung
}

/** `fast`: the next harmful act is likely within five minutes. */
export type Harm = { readonly speed: Known<'fast' | 'slow'>; readonly isReversible: Known<boolean> }

/** Whether people can take over what the agent did. */
export type Takeover = 'working' | 'not-tried' | 'failed'

export type EvidenceInHand = {
  /** Formula 6.5 over the incident's conversations. */
  readonly completeness: number
  readonly isSealed: boolean
  readonly artifacts: readonly { readonly id: ArtifactId; readonly name: string; readonly completeness?: number }[]
}

/** Work that the agent handed on. `unknown` where what crossed was not captured. */
export type DownstreamEdge = { readonly receiver: string; readonly isTainted: Known<boolean> }
