import type { AuthPlane, Grant, GrantBinding } from '@holdfast/model'

/** One document as it was declared at one time. */
export type DeclaredDoc = {
  readonly document: string
  readonly format: string
  readonly agent: string
  readonly object: string
  readonly claimedAt: string
  readonly entry: number
  readonly grants: readonly Grant[]
  readonly bindings: readonly GrantBinding[]
}

/** Claimed time in decimal nanoseconds, and the position of the entry: the newest first, at most {@link PROOFS}. */
export type Proofs = readonly (readonly [at: string, entry: number])[]

/** That an agent acts as a principal, or a principal as another, and what shows it. */
export type ActingDoc = {
  readonly from: string
  readonly to: string
  readonly plane: AuthPlane
  readonly path: 'direct' | 'inherited'
  readonly ancestor?: string
  readonly statedBy: string
  readonly proofs: Proofs
}

/** What a principal, or an agent with its tools, did on one day. */
export type UseDoc = {
  readonly plane: AuthPlane
  readonly principal: string
  readonly action: string
  readonly resource: string
  readonly day: string
  readonly calls: number
  readonly denied: number
  readonly proofs: Proofs
}

/** That something of a plane was recorded on a day. */
export type HeardDoc = { readonly records: number; readonly isLive: boolean }

export type OwnerDoc = { readonly owner: string; readonly at: string; readonly entry: number }

export function encode(doc: DeclaredDoc | ActingDoc | UseDoc | HeardDoc | OwnerDoc): Uint8Array {
  return Buffer.from(JSON.stringify(doc))
}

/** What {@link encode} wrote under the same kind of key. */
export function decode<T>(bytes: Uint8Array): T {
  return JSON.parse(Buffer.from(bytes).toString('utf8')) as T // the projection's own writing, versioned with it
}
