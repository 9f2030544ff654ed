/** What an audit after an incident goes through, item by item. */
export const AUDITS = [
  /** Items of the same origin as a tainted one. */
  'sibling',
  /** Ways into the context, each with the gates on it. */
  'gate',
  /** Tool descriptions in scope. */
  'description',
  /** Processes, mounts and neighbours in reach of an escape. */
  'reach',
  /** Principals and paths by which an act was allowed. */
  'principal',
  /** Receivers of which the sweep cannot say whether it crossed. */
  'receiver',
  /** Other identities that hold the misused path. */
  'holder',
  /** Credentials that were in the misused hands. */
  'credential',
] as const

export type Audit = (typeof AUDITS)[number]

/**
 * What came of looking at one item. `clear`: nothing wrong with it; `tainted`: it is part of what went wrong; `settled`: it was, and has
 * been dealt with.
 */
export const AUDIT_VERDICTS = ['clear', 'tainted', 'settled'] as const

export type AuditVerdict = (typeof AUDIT_VERDICTS)[number]

/** Items of one audit, looked at together. The last mark of an item holds. */
export type AuditMark = {
  readonly incident: string
  readonly audit: Audit
  /** As the audit names them. */
  readonly items: readonly string[]
  readonly verdict: AuditVerdict
  readonly reason: string
  /** Log positions that show it. */
  readonly entries: readonly number[]
  readonly by: string
}

/** The scope of an incident as it was fixed; times in decimal nanoseconds. */
export type FrozenScope = {
  readonly incident: string
  /** SHA-256 over the canonical JSON of the scope, in hex. */
  readonly digest: string
  readonly from: string
  readonly until: string
  /** Log entries that it was drawn from. */
  readonly size: number
  readonly agents: number
  readonly nodes: number
  readonly reason: string
  readonly by: string
}

/** Text that contexts are kept from. A field that is absent is any: without a version all versions are meant. */
export type QuarantinedItem = {
  readonly kind: 'document' | 'memory' | 'tool-description' | 'message'
  /** Corpus, store or server. */
  readonly source: string
  readonly id: string
  readonly version?: string
  /** SHA-256 of the text, in hex. */
  readonly digest?: string
}

/** An item is kept out of contexts, or let in again. The evidence copy stays in the log at `copies`. */
export type QuarantineRecord = {
  readonly do: 'quarantine' | 'release'
  readonly item: QuarantinedItem
  readonly incident?: string
  readonly copies: readonly number[]
  readonly reason: string
  readonly by: string
}

/** What a scanner said of an image, as somebody attached it. */
export type ImageScan = {
  readonly incident: string
  readonly image: string
  readonly scanner: string
  /** SHA-256 of the attached document, in hex. */
  readonly digest: string
  readonly findings: number
  /** The worst of them, as many as are kept: `CVE-2026-1234 critical openssl`. */
  readonly worst: readonly string[]
  readonly by: string
}
