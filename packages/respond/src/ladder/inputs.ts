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

/** The inputs with every `unknown` replaced by the answer that is safe to assume; each assumption is in words. */
export type Settled = {
  readonly isLive: boolean
  readonly isRestartable: boolean
  readonly harm: { readonly speed: 'fast' | 'slow'; readonly isReversible: boolean }
  readonly reach: 'inside' | 'neighbour' | 'host'
  readonly assumptions: readonly string[]
}

/**
 * Replaces each `unknown`. Assumed is whatever keeps harm and loss smallest: that people are served, that it may not be
 * restarted, that harm is fast and stays, that an escape went further than was seen.
 */
export function settle(inputs: LadderInputs): Settled {
  const { isLive, isRestartable, harm, reach, type } = inputs
  const assumptions: string[] = []
  const settled = <T>(value: Known<T>, assumed: T, words: string): T => {
    if (value !== 'unknown') return value
    assumptions.push(words)
    return assumed
  }
  return {
    isLive: settled(isLive, true, 'whether it serves anybody is not known: taken as live'),
    isRestartable: settled(isRestartable, false, 'whether it may be restarted is not known: taken as not restartable'),
    harm: {
      speed: settled(harm.speed, 'fast', 'how fast the harm grows is not known: taken as fast'),
      isReversible: settled(harm.isReversible, false, 'whether the harm can be undone is not known: taken as lasting'),
    },
    reach:
      type === 'runtime-execution-escape'
        ? settled(reach, 'neighbour', 'how far the escape came is not known: taken as beyond its own pod')
        : reach === 'unknown'
          ? 'inside'
          : reach,
    assumptions,
  }
}
