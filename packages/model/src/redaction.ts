import type { Sha256 } from './ids.ts'

/**
 * What the recorder states of records before it hands them over with fields hidden: a salted digest of each part, taken
 * while it held the whole of them (recorder/SPEC.md, section 10).
 */
export type RedactionRecord = {
  /** Id of the export that it was made for. */
  readonly actionId: string
  readonly by: string
  /** What was exported: a conversation or an incident. */
  readonly target: string
  /** Envelopes of the entries, each once, in the order of their digests. */
  readonly envelopes: readonly { readonly envelope: Sha256; readonly digest: Sha256 }[]
  readonly entries: readonly RedactedEntry[]
}

export type RedactedEntry = {
  readonly entry: number
  /** The digests of the leaf: of the body with its masks, and of the envelope. */
  readonly body: Sha256
  readonly envelope: Sha256
  /** Of the masks, where the entry has any. */
  readonly masks?: Sha256
  /** The body from its first byte to its last. */
  readonly parts: readonly RedactedPart[]
}

export type RedactedPart = {
  readonly bytes: number
  readonly digest: Sha256
  /** Hidden, as the value of this field; absent where the part is handed over. */
  readonly field?: string
  /** What takes its place stands in quotes, so that JSON stays JSON. */
  readonly isQuoted?: true
}
