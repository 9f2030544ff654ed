import { canonicalJson } from '@holdfast/model'
import type { Attestation } from './attestation.ts'

/** First line of the document, which says its kind and how to read it. */
export const ATTESTATION_TITLE = 'holdfast attestation v1'

/** What the log's key signs: title, log, its size, and the statement as canonical JSON (RFC 8785), a line each. */
export function attestationText(
  attestation: Attestation,
  log: { readonly origin: string; readonly size: number },
): string {
  return `${ATTESTATION_TITLE}\n${log.origin}\n${log.size}\n${canonicalJson(attestation)}\n`
}

/** The statement of a note that our own log holds; undefined for another text. */
export function attestationIn(note: string): Attestation | undefined {
  const [title, , , json] = note.split('\n')
  if (title !== ATTESTATION_TITLE || json === undefined) return undefined
  try {
    return JSON.parse(json) as Attestation // written by attestationText into a record of ours
  } catch {
    // No statement that we wrote.
    return undefined
  }
}
