import { verify } from 'node:crypto'
import { LEAF_ENTRY_BYTES, parseLeafEntry, type LeafEntry } from './entry-proof.ts'
import type { Report } from './report.ts'
import { leafHash, rootFromInclusion, sha256 } from './rfc6962.ts'
import { openCheckpoint, type TreeHead, type VerifierKey } from './signed-note.ts'
import { canonicalText, member } from './strict-json.ts'

export type RowFacts = {
  /** Untrusted, as all texts of a row. */
  readonly id: string
  readonly about: string
  readonly entries: number
  readonly layers: readonly string[]
  readonly size: number
}

/** A path is as long as the tree is high. */
const MAX_PATH = 64

/**
 * Checks one audit row: its signature, its checkpoint, the audit path of every entry that it speaks of, and each text against
 * its digest. `leafOf` gives the leaf that a pack holds of an entry; what differs, or is not there, is named.
 */
export function checkAuditRow(
  row: unknown,
  given: {
    readonly key: VerifierKey
    readonly leafOf?: (entry: number) => Buffer | undefined
    /** Entries of the pack: a pack of a row holds what the row speaks of, and nothing besides. */
    readonly held?: ReadonlySet<number>
  },
  report: Report,
): RowFacts {
  const id = textOf(member(row, 'id'))
  const differ = checkSignature(row, id, given.key, report)
    ? (where: string, what: string): void => report.add(where, what)
    : (where: string, what: string): void => report.follow(where, what, UNSIGNED)
  const proof = member(row, 'proof')
  report.check(member(proof, 'key') === given.key.text, 'row', 'names another key than the one that it is checked with')
  const head = openCheckpoint(textOf(member(proof, 'checkpoint')), given.key)
  if (typeof head === 'string') report.add('checkpoint of the row', head)
  else {
    const isSame = member(proof, 'size') === head.size && member(proof, 'rootHash') === head.root.toString('hex')
    report.check(isSame, 'checkpoint of the row', 'is not over the size and root that the row names')
  }
  const leaves = checkProofs(member(proof, 'entries'), typeof head === 'string' ? undefined : head, report)
  if (given.leafOf !== undefined) {
    for (const [entry, { bytes }] of leaves)
      report.check(
        given.leafOf(entry)?.equals(bytes) === true,
        `entry ${entry}`,
        'is in the row with another leaf than in the pack',
      )
  }
  for (const entry of given.held ?? [])
    if (!leaves.has(entry)) differ(`entry ${entry}`, 'is in the pack, and the row does not speak of it')
  checkSpokenOf(row, { leaves, differ }, report)
  return {
    id,
    about: textOf(member(member(row, 'about'), 'words')),
    entries: leaves.size,
    layers: listOf(member(row, 'layers')).map(
      (layer) => `${textOf(member(layer, 'layer'))}: ${textOf(member(layer, 'state'))}`,
    ),
    size: typeof head === 'string' ? 0 : head.size,
  }
}

/** What a row that was changed says of entries is worth nothing, and it may be wrong about all of them. */
const UNSIGNED = 'differences between the entries and a row that is not what was signed'

type Differ = (where: string, what: string) => void

/** Whether the row is what the log signed. A note whose text is `holdfast audit-row`, the row's id, and the SHA-256 of its canonical JSON without the signature. */
function checkSignature(row: unknown, id: string, key: VerifierKey, report: Report): boolean {
  const note = textOf(member(row, 'signature'))
  const parts = /^(holdfast audit-row\n([^\n]*)\n([0-9a-f]{64})\n)\n— (\S+) ([A-Za-z0-9+/]+={0,2})\n$/.exec(note)
  const [, text, stated, digest, signer, signatureText] = parts ?? []
  if (text === undefined || signatureText === undefined) {
    report.add('row', 'has no signature of a log')
    return false
  }
  const signature = Buffer.from(signatureText, 'base64')
  const isOurs =
    signer === key.name && signature.toString('base64') === signatureText && signature.subarray(0, 4).equals(key.id)
  report.check(isOurs, 'row', 'is signed by another key')
  const holds = verify(null, Buffer.from(text), key.publicKey, signature.subarray(4))
  report.check(holds, 'row', 'has a signature that does not hold')
  const unsigned =
    typeof row === 'object' && row !== null
      ? Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'signature'))
      : row
  const canonical = canonicalText(unsigned)
  const isSame = canonical !== undefined && sha256(Buffer.from(canonical)).toString('hex') === digest && stated === id
  report.check(isSame, 'row', 'is not what was signed: something in it was changed, dropped or put in another order')
  return isOurs && holds && isSame
}

type ProvenLeaf = { readonly bytes: Buffer; readonly leaf: LeafEntry }

function checkProofs(value: unknown, head: TreeHead | undefined, report: Report): ReadonlyMap<number, ProvenLeaf> {
  const found = new Map<number, ProvenLeaf>()
  let last = -1
  for (const item of listOf(value)) {
    const entry = member(item, 'entry')
    if (typeof entry !== 'number' || !Number.isSafeInteger(entry) || entry < 0) {
      report.add('row', 'has a proof of no entry')
      continue
    }
    const where = `entry ${entry}`
    report.check(entry > last, where, 'is out of order, or twice, among the proofs')
    last = entry
    const bytes = base64(member(item, 'leaf'))
    const leaf = bytes?.length === LEAF_ENTRY_BYTES ? parseLeafEntry(bytes) : undefined
    const path = listOf(member(item, 'path')).map(base64)
    if (
      bytes === undefined ||
      leaf === undefined ||
      path.length > MAX_PATH ||
      path.some((node) => node?.length !== 32)
    ) {
      report.add(where, 'has a leaf or an audit path that is none')
      continue
    }
    found.set(entry, { bytes, leaf })
    if (head === undefined) continue
    const nodes = path.flatMap((node) => node ?? [])
    const root = rootFromInclusion(leafHash(bytes), { index: entry, size: head.size }, nodes)
    report.check(root?.equals(head.root) === true, where, 'is not in the log that the checkpoint signs')
  }
  return found
}

function checkSpokenOf(
  row: unknown,
  { leaves, differ }: { readonly leaves: ReadonlyMap<number, ProvenLeaf>; readonly differ: Differ },
  report: Report,
): void {
  const spoken = new Set<unknown>()
  for (const item of listOf(member(row, 'items'))) {
    const entries = new Map<unknown, unknown>()
    for (const event of listOf(member(item, 'events'))) {
      const entry = member(event, 'entry')
      spoken.add(entry)
      entries.set(member(event, 'id'), entry)
      const leaf = typeof entry === 'number' ? leaves.get(entry)?.leaf : undefined
      if (leaf !== undefined) {
        const isSame = member(event, 'recordedAt') === String(leaf.recordedAt)
        report.check(isSame, `entry ${String(entry)}`, 'was recorded at another time than the row says')
      }
    }
    for (const text of listOf(member(item, 'texts'))) checkText(text, entries.get(member(text, 'event')), report)
  }
  for (const name of ['violations', 'allowed', 'gaps'] as const)
    for (const one of listOf(member(row, name))) spoken.add(member(one, 'entry'))
  for (const name of ['identities', 'layers'] as const)
    for (const one of listOf(member(row, name))) for (const entry of listOf(member(one, 'entries'))) spoken.add(entry)
  const input = member(member(row, 'trigger'), 'input')
  if (input !== undefined) spoken.add(member(input, 'entry'))
  for (const entry of spoken) {
    const isProven = typeof entry === 'number' && leaves.has(entry)
    if (!isProven) differ(`entry ${String(entry)}`, 'is spoken of in the row, and its proof is not there')
  }
  for (const entry of leaves.keys())
    if (!spoken.has(entry)) differ(`entry ${entry}`, 'is proven, and nothing in the row speaks of it')
}

function checkText(value: unknown, entry: unknown, report: Report): void {
  const [text, digest, isCut] = [member(value, 'text'), member(value, 'digest'), member(value, 'isCut')]
  // Of a text that is cut the whole lies in the pack, under its entry.
  if (typeof text !== 'string' || isCut === true) return
  const isSame = sha256(Buffer.from(text)).toString('hex') === digest
  report.check(
    isSame,
    `entry ${String(entry)}`,
    `has a text "${textOf(member(value, 'slot'))}" that does not have its digest`,
  )
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Undefined for what is no base64 in its usual form. */
function base64(value: unknown): Buffer | undefined {
  if (typeof value !== 'string') return undefined
  const bytes = Buffer.from(value, 'base64')
  return bytes.toString('base64') === value ? bytes : undefined
}
