import { createHmac } from 'node:crypto'
import type { LeafEntry } from './entry-proof.ts'
import { parseRedactionStatement, type StatedEntry } from './redaction-statement.ts'
import type { Report } from './report.ts'
import { sha256 } from './rfc6962.ts'

/** One entry with all that a statement about it is derived from. */
export type StatedContent = {
  readonly leaf: LeafEntry
  readonly salt: Buffer
  readonly envelope: Buffer
  readonly body: Buffer
  /** Empty where it has none. */
  readonly masks: Buffer
}

/**
 * Makes the digests of a statement again from the entries that it speaks of: what was handed over with fields hidden is then what
 * the leaves commit to. `contentOf` gives an entry before the statement; undefined where its content was erased since.
 */
export function checkRestated(
  { text, index }: { readonly text: string; readonly index: number },
  contentOf: (entry: number) => StatedContent | undefined,
  report: Report,
): void {
  const where = `statement at entry ${index}`
  const statement = parseRedactionStatement(text)
  if (statement === undefined) {
    report.add(where, 'is not a statement of a redaction')
    return
  }
  const saltOf = (salt: Buffer, place: string): Buffer =>
    createHmac('sha256', salt).update(`holdfast/redaction/v1\n${statement.actionId}\n${place}`).digest()
  const envelopes = new Map(statement.envelopes.map(({ envelope, digest }) => [envelope.toString('hex'), digest]))
  for (const stated of statement.entries) {
    const isBefore = stated.entry < index
    if (!report.check(isBefore, where, `speaks of entry ${stated.entry}, which came after it`)) continue
    const content = contentOf(stated.entry)
    if (content === undefined) continue
    const envelope = stated.envelope.toString('hex')
    const isOf = (place: string, bytes: Buffer, digest: Buffer | undefined): boolean =>
      digest !== undefined && sha256(saltOf(content.salt, place), bytes).equals(digest)
    const holds =
      isLeafOf(content.leaf, stated) &&
      isOf(`envelope\n${envelope}`, content.envelope, envelopes.get(envelope)) &&
      (stated.masks === undefined
        ? content.masks.length === 0
        : isOf(`${stated.entry}\nmasks`, content.masks, stated.masks)) &&
      partsOf(content.body, stated).every(({ bytes, digest }, i) => isOf(`${stated.entry}\n${i}`, bytes, digest))
    report.check(holds, where, `says of entry ${stated.entry} what its leaf does not commit to`)
  }
}

function isLeafOf(leaf: LeafEntry, { body, envelope, parts }: StatedEntry): boolean {
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0)
  return leaf.bodyDigest.equals(body) && leaf.envelopeDigest.equals(envelope) && leaf.bodyBytes === bytes
}

function partsOf(body: Buffer, { parts }: StatedEntry): readonly { readonly bytes: Buffer; readonly digest: Buffer }[] {
  let at = 0
  return parts.map(({ bytes, digest }) => {
    at += bytes
    return { bytes: body.subarray(at - bytes, at), digest }
  })
}
