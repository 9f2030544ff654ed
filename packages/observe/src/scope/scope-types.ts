import type { AuthPlane, Grant, GrantBinding } from '@holdfast/model'

/** Where a statement was written: the document, and the log entry that holds it. */
export type Source = {
  readonly document: string
  readonly format: string
  readonly entry: number
}

export type StatedGrant = { readonly grant: Grant; readonly source: Source }
export type StatedBinding = { readonly binding: GrantBinding; readonly source: Source }

/** A principal that the agent is known to act as, by identity and never by time. */
export type ActsAs = {
  readonly principal: string
  readonly path: 'direct' | 'inherited'
  readonly ancestor?: string
  /** What says so: an attribute, a document, the identity itself. */
  readonly statedBy: string
  readonly entries: readonly number[]
}

/** What a principal did with one action on one resource on one day of claimed time. */
export type Use = {
  readonly plane: AuthPlane
  readonly principal: string
  readonly action: string
  /** Empty where the log does not say on what. */
  readonly resource: string
  /** `YYYY-MM-DD` of the claimed time, UTC. */
  readonly day: string
  /** Calls that were let, whether they then failed or not. */
  readonly calls: number
  readonly denied: number
  /** Last claimed time in decimal nanoseconds. */
  readonly last: string
  /** Positions of the latest calls, at most {@link MAX_POSITIONS}. */
  readonly entries: readonly number[]
}

export type ScopeInput = {
  readonly agent: string
  readonly owner?: string
  readonly actsAs: readonly ActsAs[]
  readonly grants: readonly StatedGrant[]
  readonly bindings: readonly StatedBinding[]
  readonly uses: readonly Use[]
  /** Planes of which the window holds audit records at all, with the services that data was seen of. */
  readonly heard: ReadonlyMap<AuthPlane, { readonly days: number }>
  /** `YYYY-MM-DD`, both inclusive. */
  readonly window: { readonly from: string; readonly to: string; readonly days: number }
  /** Why the profile is not complete; empty where it is. */
  readonly gaps: readonly string[]
}

/** The category of requirement 6.4; each grant, or part of a wide one, is in exactly one. */
export type ScopeCategory =
  | 'justified'
  | 'unused-excess'
  | 'inherited-overreach'
  | 'undeclared-use'
  | 'in-scope-anomaly'
  /** Nothing of its plane was recorded in the window: idle is not known. */
  | 'undetermined'
  /** A deny, a boundary or a condition takes its effect. */
  | 'without-effect'

export type ScopeRow = {
  readonly id: string
  readonly category: ScopeCategory
  readonly grant: {
    readonly plane: AuthPlane
    readonly principal: string
    readonly action: string
    readonly resources: readonly string[]
    /** What of a wide grant stands in rows of its own, or is denied. */
    readonly except: readonly { readonly action: string; readonly resources: readonly string[]; readonly why: string }[]
    readonly path: 'direct' | 'inherited'
    readonly ancestor?: string
    /** From the principal to the statement. */
    readonly via: readonly string[]
    readonly source: string
    readonly statement: string
    /** Conditions that nothing here decides. */
    readonly conditions: readonly string[]
    readonly limitedBy: readonly string[]
  }
  readonly evidence: {
    readonly document: Source
    readonly declaredBy?: Source & { readonly statement: string }
    readonly uses: number
    readonly lastUse?: string
    readonly positions: readonly number[]
    /** What keeps the evidence from being whole. */
    readonly caveats: readonly string[]
  }
  readonly owner?: string
  readonly remedy: { readonly text: string; readonly statement?: string }
}

/** Something that was done and that no known grant lets. */
export type InventoryGap = {
  readonly id: string
  readonly plane: AuthPlane
  readonly principal: string
  readonly action: string
  readonly resource: string
  readonly uses: number
  readonly lastUse: string
  readonly positions: readonly number[]
  /** True where grants of the principal are known and none of them lets this: a candidate of incident Type 2. */
  readonly isType2Candidate: boolean
  readonly remedy: string
}

export type ScopeReport = {
  readonly agent: string
  readonly owner?: string
  readonly window: ScopeInput['window']
  /** `partial`: something below could look different with a complete profile, and `gaps` says what. */
  readonly profile: 'complete' | 'partial'
  readonly gaps: readonly string[]
  readonly actsAs: readonly ActsAs[]
  readonly unusedExcess: readonly ScopeRow[]
  readonly inheritedOverreach: readonly ScopeRow[]
  readonly justified: readonly ScopeRow[]
  readonly undeclaredUse: readonly ScopeRow[]
  readonly inScopeAnomalies: readonly ScopeRow[]
  readonly undetermined: readonly ScopeRow[]
  readonly withoutEffect: readonly ScopeRow[]
  readonly inventoryGaps: readonly InventoryGap[]
  /** Asked for and refused. */
  readonly refused: readonly Omit<InventoryGap, 'isType2Candidate' | 'remedy'>[]
  /** Names that something binds the agent to and that no known document describes. */
  readonly unresolved: readonly { readonly name: string; readonly via: readonly string[]; readonly source: Source }[]
  /** Grants beyond the bound. */
  readonly cut: number
}
