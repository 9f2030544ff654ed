import type { BundleFiles } from './bundle-files.ts'
import { channelOf, type CustodyEntry } from './custody.ts'
import { parseEntryProof, parseLeafEntry, type LeafEntry } from './entry-proof.ts'
import type { Report } from './report.ts'
import { leafHash, rootFromInclusion, sha256 } from './rfc6962.ts'
import type { TreeHead } from './signed-note.ts'
import { member } from './strict-json.ts'

const NUMBERED = /^data\/(entries|bodies|masks|proofs)\/(0|[1-9][0-9]{0,15})(\.bin|\.json|\.tlog-proof)?$/

/** What entries are held against: the checkpoint as the bundle has it, and its head where it holds. */
type Tree = { readonly head: TreeHead | undefined; readonly checkpoint: string }

/** The entries of an evidence bundle: which there are, what is missing of them, and whether they are what the log committed to. */
export class BundleEntries {
  readonly #files: BundleFiles
  readonly #report: Report
  readonly #indices = new Set<number>()
  readonly #missing = new Set<number>()
  readonly #salts = new Map<number, Buffer>()
  /** Entries of a redacted bundle that came without the salt of their leaf. */
  readonly #unsalted = new Set<number>()

  /** Reads what the bundle says of its entries. */
  constructor(files: BundleFiles, report: Report) {
    this.#files = files
    this.#report = report
    this.#readMissing()
    this.#readSalts()
  }

  /** Their places in the log. Filled by {@link check}, as {@link unsalted} is. */
  get indices(): ReadonlySet<number> {
    return this.#indices
  }

  get unsalted(): ReadonlySet<number> {
    return this.#unsalted
  }

  /** How many had lost their content before the export. */
  get missing(): number {
    return this.#missing.size
  }

  hasSalt(index: number): boolean {
    return this.#salts.has(index)
  }

  /** Checks each entry, its proof and its content, against the tree; what belongs to none is reported. */
  check(tree: Tree): void {
    const envelopes = new Set<string>()
    for (const name of this.#files.names()) {
      const parts = NUMBERED.exec(name)
      if (parts?.[1] === 'entries') this.#indices.add(Number(parts[2]))
    }
    for (const index of this.#indices) this.#checkEntry(index, tree, envelopes)
    for (const name of this.#files.names()) {
      const parts = NUMBERED.exec(name)
      if (parts !== null)
        this.#report.check(this.#indices.has(Number(parts[2])), name, 'belongs to no entry of the bundle')
      else if (name.startsWith('data/envelopes/')) {
        this.#report.check(envelopes.has(name), name, 'belongs to no entry of the bundle')
      }
    }
    for (const index of [...this.#missing, ...this.#salts.keys()]) {
      this.#report.check(this.#indices.has(index), `entry ${index}`, 'is spoken of, but is not in the bundle')
    }
  }

  leaf(index: number): LeafEntry | undefined {
    const bytes = this.#files.content(`data/entries/${index}.bin`)
    return bytes === undefined ? undefined : parseLeafEntry(bytes)
  }

  /** An entry as far as it says who wrote what and when; undefined where the bundle has none. */
  written(index: number): CustodyEntry | undefined {
    const leaf = this.#indices.has(index) ? this.leaf(index) : undefined
    if (leaf === undefined) return undefined
    const { recordedAt, envelopeDigest } = leaf
    if (this.#missing.has(index)) return { recordedAt, channel: 'control', body: undefined }
    const envelope = this.#files.text(`data/envelopes/${envelopeDigest.toString('hex')}.json`)
    const body = this.#files.text(`data/bodies/${index}`)
    return { recordedAt, channel: envelope === undefined ? undefined : channelOf(envelope), body: body ?? '' }
  }

  #readMissing(): void {
    const missing = this.#files.json('data/missing.json')
    // Undefined: it could not be read, which is reported.
    for (const item of listed(missing)) {
      const index = member(item, 'index')
      if (typeof index === 'number' && member(item, 'reason') === 'erased') this.#missing.add(index)
      else this.#report.add('data/missing.json', 'holds something other than erased entries')
    }
  }

  #readSalts(): void {
    const salts = this.#files.json('data/salts.json')
    for (const item of listed(salts)) {
      const text = member(item, 'salt')
      const entries = member(item, 'entries')
      const salt = Buffer.from(typeof text === 'string' ? text : '', 'base64')
      if (salt.length !== 32 || salt.toString('base64') !== text || !Array.isArray(entries)) {
        this.#report.add('data/salts.json', 'holds something other than salts of 32 bytes')
        continue
      }
      for (const index of entries) if (typeof index === 'number') this.#salts.set(index, salt)
    }
  }

  #checkEntry(index: number, tree: Tree, envelopes: Set<string>): void {
    const name = `data/entries/${index}.bin`
    const bytes = this.#files.content(name)
    const leaf = bytes?.length === 77 ? parseLeafEntry(bytes) : undefined
    if (bytes === undefined || leaf === undefined) {
      this.#report.add(name, 'is not a log entry of version 1')
      return
    }
    this.#checkProof(index, tree, leafHash(bytes))
    const salt = this.#salts.get(index)
    const isMissing = this.#missing.has(index)
    if (isMissing) {
      const hasBody = this.#files.has(`data/bodies/${index}`) || salt !== undefined
      this.#report.check(!hasBody, `data/bodies/${index}`, 'is there, though its content is said to be erased')
      return
    }
    const envelope = `data/envelopes/${leaf.envelopeDigest.toString('hex')}.json`
    if (salt === undefined && this.#files.has('data/redactions.json')) {
      this.#unsalted.add(index)
      envelopes.add(envelope)
      return
    }
    if (salt === undefined) {
      this.#ofSalts(name, 'has no salt in data/salts.json')
      return
    }
    this.#checkContent(index, leaf, salt)
    // One envelope serves many entries: its digest is in its name, so it is checked once.
    if (envelopes.has(envelope)) return
    envelopes.add(envelope)
    const content = this.#files.content(envelope)
    const isSame = content !== undefined && sha256(salt, content).equals(leaf.envelopeDigest)
    if (!isSame) this.#ofSalts(envelope, `is not the envelope that entry ${index} commits to`)
  }

  /** What does not fit its entry under the salts that are there: where these were changed, that is all that is known of it. */
  #ofSalts(where: string, what: string): void {
    const isOfSalts = this.#files.isChanged('data/salts.json')
    if (isOfSalts) this.#report.follow(where, what, 'checks of entries cannot hold with salts that were changed')
    else this.#report.add(where, what)
  }

  #checkContent(index: number, leaf: LeafEntry, salt: Buffer): void {
    const name = `data/bodies/${index}`
    const body = this.#files.content(name)
    if (body === undefined) return
    const masksName = `data/masks/${index}.json`
    const masks = this.#files.has(masksName) ? this.#files.content(masksName) : undefined
    this.#report.check(
      body.length === leaf.bodyBytes,
      name,
      `has ${body.length} bytes, its entry says ${leaf.bodyBytes}`,
    )
    const isSame = sha256(salt, body, masks ?? Buffer.alloc(0)).equals(leaf.bodyDigest)
    if (!isSame) this.#ofSalts(name, `is not the body, with its masks, that entry ${index} commits to`)
  }

  #checkProof(index: number, { head, checkpoint }: Tree, leaf: Buffer): void {
    const name = `data/proofs/${index}.tlog-proof`
    const text = this.#files.text(name)
    if (text === undefined) return
    const proof = parseEntryProof(text)
    if (proof === undefined || proof.index !== index) {
      this.#report.add(name, `is not a proof for entry ${index}`)
      return
    }
    const isSame = proof.checkpoint === checkpoint
    const what = 'ends in another checkpoint than data/checkpoint'
    if (head === undefined) {
      if (!isSame) this.#report.follow(name, what, 'proofs end in another checkpoint than the one that does not hold')
      return
    }
    this.#report.check(isSame, name, what)
    const root = rootFromInclusion(leaf, { index, size: head.size }, proof.path)
    const leads = root?.equals(head.root) === true
    this.#report.check(leads, name, `does not lead from entry ${index} to the root of the checkpoint`)
  }
}

function listed(value: unknown): readonly unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}
