import { createHash, type KeyObject } from 'node:crypto'
import { canonicalJson, parseSha256, type RedactedPart } from '@holdfast/model'
import { RecorderError } from '../errors.ts'
import { LEAF_BYTES } from '../leaf.ts'
import { MAX_BUNDLE_ENTRIES } from '../limits.ts'
import type { LogReader, OpenedSegment } from '../log-reader.ts'
import { inclusionPath, nodesOf, type NodeSource } from '../merkle/proof.ts'
import type { BundleRequest, BundleSummary, Checkpoint, StatedRedaction } from '../types.ts'
import { BUNDLE_README } from './readme.ts'
import { disclosedSalts, redactedBody, withheldKeys } from './redaction.ts'
import { sealSections } from './seal-sections.ts'
import { signStatement } from './statement.ts'
import { ZipWriter } from './zip-writer.ts'

export type BundleParts = {
  readonly reader: LogReader
  /** Covers every entry asked for. */
  readonly checkpoint: Checkpoint
  readonly verifierKey: string
  readonly signingKey: KeyObject
  /** Of a redacted bundle: what was put into the log about it. The entries are among those asked for. */
  readonly stated: readonly StatedRedaction[]
}

type Salt = { readonly salt: string; readonly entries: number[] }

/** Files of the bundle's own; the caller's may not take their place. */
const OWN_FILE =
  /^data\/(entries|bodies|masks|envelopes|proofs)\/|^data\/(about|salts|missing|seals|redactions|statement\.dsse)\.json$|^data\/(checkpoint|key\.vkey)$/

/** Writes an evidence bundle (SPEC.md, section 10): equal input gives equal bytes. */
export function exportBundle(request: BundleRequest, parts: BundleParts): BundleSummary {
  const indices = [...new Set(request.entries)].toSorted((a, b) => a - b)
  if (indices.length > MAX_BUNDLE_ENTRIES) {
    throw new RecorderError('invalid', `${indices.length} entries exceed ${MAX_BUNDLE_ENTRIES}: export fewer at once`)
  }
  using bundle = new BundleWriter(request.out)
  const nodes = nodesOf(parts.reader.tile)
  const salts = new Map<number, Salt>()
  const missing: { readonly index: number; readonly reason: 'erased' }[] = []
  const redacted = new RedactedEntries(request, parts)
  for (const index of indices) {
    const segment = parts.reader.segment(index)
    if (segment === undefined) throw new RecorderError('invalid', `the log has no entry ${index}`)
    const hidden = redacted.partsOf(index, segment)
    writeEntry(bundle, { index, segment, nodes, hidden, checkpoint: parts.checkpoint })
    if (segment.key === undefined) missing.push({ index, reason: 'erased' })
    else if (hidden === undefined) saltOf(salts, segment).entries.push(index)
  }
  writeFacts(bundle, request, { parts, salts, missing })
  if (request.redaction !== undefined) bundle.add('data/redactions.json', json(redacted.salts()))
  if (request.seals !== undefined) {
    bundle.add('data/seals.json', json(sealSections(request.seals, { indices, nodes, checkpoint: parts.checkpoint })))
  }
  const { bytes, sha256 } = bundle.finish({
    key: parts.signingKey,
    verifierKey: parts.verifierKey,
    predicate: { entries: indices.length, missing: missing.length, checkpoint: parts.checkpoint.note },
  })
  const digest = parseSha256(sha256)
  if (digest === undefined) throw new TypeError('a SHA-256 is 64 hex digits')
  const { checkpoint } = parts
  return { path: request.out, bytes, sha256: digest, entries: indices.length, missing: missing.length, checkpoint }
}

function writeEntry(
  bundle: BundleWriter,
  {
    index,
    segment,
    nodes,
    hidden,
    checkpoint,
  }: {
    readonly index: number
    readonly segment: OpenedSegment
    readonly nodes: NodeSource
    /** Parts of the body, where its salt stays here. */
    readonly hidden: readonly RedactedPart[] | undefined
    readonly checkpoint: Checkpoint
  },
): void {
  const i = index - segment.summary.first
  const leaf = segment.leaves.subarray(i * LEAF_BYTES, (i + 1) * LEAF_BYTES)
  bundle.add(`data/entries/${index}.bin`, leaf)
  const path = inclusionPath(nodes, index, checkpoint.size)
  if (path === undefined) throw new RecorderError('corrupt', `no proof can be made for entry ${index}: verify the log`)
  bundle.add(`data/proofs/${index}.tlog-proof`, Buffer.from(tlogProof(index, path, checkpoint.note)))
  const { frame } = segment
  if (frame === undefined) return
  const body = frame.bodies[i] ?? Buffer.alloc(0)
  bundle.add(`data/bodies/${index}`, hidden === undefined ? body : redactedBody(body, hidden))
  const masks = frame.masks.get(i)
  if (masks !== undefined) bundle.add(`data/masks/${index}.json`, Buffer.from(masks))
  bundle.addOnce(`data/envelopes/${leaf.toString('hex', 9, 41)}.json`, frame.envelope)
}

function writeFacts(
  bundle: BundleWriter,
  request: BundleRequest,
  facts: {
    readonly parts: BundleParts
    readonly salts: ReadonlyMap<number, Salt>
    readonly missing: readonly object[]
  },
): void {
  bundle.add('data/salts.json', json([...facts.salts.values()]))
  bundle.add('data/missing.json', json(facts.missing))
  bundle.add('data/about.json', json(request.about))
  bundle.add('data/checkpoint', Buffer.from(facts.parts.checkpoint.note))
  bundle.add('data/key.vkey', Buffer.from(`${facts.parts.verifierKey}\n`))
  const files = [...(request.files ?? [])].toSorted(([a], [b]) => (a < b ? -1 : 1))
  for (const [name, content] of files) {
    const path = `data/${name}`
    if (!/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/.test(name) || name.includes('..') || OWN_FILE.test(path)) {
      throw new RecorderError('invalid', `${name} cannot be the name of a bundle's file`)
    }
    bundle.add(path, typeof content === 'string' ? Buffer.from(content) : content)
  }
}

/** Which entries of a bundle are handed over in parts, without the salt of their content key. */
class RedactedEntries {
  readonly #request: BundleRequest
  readonly #parts: BundleParts
  readonly #withheld: ReadonlySet<number>
  readonly #partsByEntry: ReadonlyMap<number, readonly RedactedPart[]>

  constructor(request: BundleRequest, parts: BundleParts) {
    this.#request = request
    this.#parts = parts
    this.#withheld = request.redaction === undefined ? new Set() : withheldKeys(parts.reader, request.redaction)
    this.#partsByEntry = new Map(
      parts.stated.flatMap(({ record }) => record.entries.map(({ entry, parts: cut }) => [entry, cut])),
    )
  }

  /** Undefined for an entry that is handed over whole, with its salt. */
  partsOf(index: number, segment: OpenedSegment): readonly RedactedPart[] | undefined {
    if (segment.frame === undefined || !this.#withheld.has(segment.keyId)) return undefined
    const parts = this.#partsByEntry.get(index)
    // Fail closed: without its statement the entry could only go out with the salt.
    if (parts === undefined) throw new RecorderError('invalid', `entry ${index} was not stated: nothing is handed over`)
    return parts
  }

  salts(): readonly object[] {
    const { redaction } = this.#request
    if (redaction === undefined) return []
    return this.#parts.stated.map((stated) => disclosedSalts(this.#parts.reader, stated, redaction))
  }
}

function saltOf(salts: Map<number, Salt>, { key, keyId }: OpenedSegment): Salt {
  const known = salts.get(keyId)
  if (known !== undefined) return known
  const made = { salt: key?.salt.toString('base64') ?? '', entries: [] }
  salts.set(keyId, made)
  return made
}

/** Inclusion proof of an entry as `c2sp.org/tlog-proof@v1`: the index, the audit path, an empty line, the checkpoint. */
export function tlogProof(index: number, path: readonly Buffer[], note: string): string {
  const hashes = path.map((hash) => `${hash.toString('base64')}\n`).join('')
  return `c2sp.org/tlog-proof@v1\nindex ${index}\n${hashes}\n${note}`
}

/** Adds files to the zip and keeps their digests for the manifests. */
class BundleWriter implements Disposable {
  readonly #zip: ZipWriter
  readonly #digests = new Map<string, string>()

  constructor(path: string) {
    this.#zip = new ZipWriter(path)
  }

  add(name: string, content: Uint8Array): void {
    this.#zip.add(name, content)
    this.#digests.set(name, sha256(content))
  }

  addOnce(name: string, content: Uint8Array): void {
    if (!this.#digests.has(name)) this.add(name, content)
  }

  /** Adds statement, manifests and the fixed files of a bag. */
  finish(signer: { readonly key: KeyObject; readonly verifierKey: string; readonly predicate: object }): {
    readonly bytes: number
    readonly sha256: string
  } {
    const statement = signStatement({ digests: this.#digests, predicate: signer.predicate }, signer)
    this.add('data/statement.dsse.json', statement)
    const tags = new Map([
      ['README.txt', Buffer.from(BUNDLE_README)],
      ['bagit.txt', Buffer.from('BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n')],
      ['manifest-sha256.txt', Buffer.from(manifest(this.#digests))],
    ])
    for (const [name, content] of tags) this.#zip.add(name, content)
    const tagDigests = new Map([...tags].map(([name, content]) => [name, sha256(content)]))
    this.#zip.add('tagmanifest-sha256.txt', Buffer.from(manifest(tagDigests)))
    return this.#zip.finish()
  }

  [Symbol.dispose](): void {
    this.#zip[Symbol.dispose]()
  }
}

function manifest(digests: ReadonlyMap<string, string>): string {
  return [...digests].map(([name, digest]) => `${digest}  ${name}\n`).join('')
}

function json(value: unknown): Buffer {
  return Buffer.from(`${canonicalJson(value)}\n`)
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
