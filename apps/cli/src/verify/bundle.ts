import { checkAuditRow, type RowFacts } from './audit-row.ts'
import { BundleFiles } from './bundle-files.ts'
import { channelOf, checkCustody, type CustodyEntry } from './custody.ts'
import { parseEntryProof, parseLeafEntry, type LeafEntry } from './entry-proof.ts'
import { reasonOf, Report, type Verdict } from './report.ts'
import { leafHash, rootFromInclusion, sha256 } from './rfc6962.ts'
import { checkRedactions, type RedactionFacts } from './redacted-bundle.ts'
import { checkSealSections } from './seal-sections.ts'
import { openCheckpoint, parseVerifierKey, type TreeHead, type VerifierKey } from './signed-note.ts'
import { checkStatement } from './statement.ts'
import { member } from './strict-json.ts'
import { StrictZip } from './zip.ts'

export type BundleFacts = {
  readonly bytes: number
  readonly files: number
  readonly entries: number
  /** Entries whose content was erased before the export. */
  readonly missing: number
  /** Lines of the custody log, each proven by its entry, and seals before the export, each proven to be of this log. */
  readonly custody: number
  readonly seals: number
  /** What was hidden by who exported it, and where the log states the rest; undefined where nothing was. */
  readonly redacted: RedactionFacts | undefined
  /** The key that signed, as the bundle states it, and whether the caller's key is the same. */
  readonly key: string
  readonly isKeyTrusted: boolean
  readonly origin: string
  readonly size: number
  readonly rootHash: string
  /** `data/about.json`. Untrusted. */
  readonly about: unknown
  /** Of a pack about one row of the audit. */
  readonly row: RowFacts | undefined
}

const NUMBERED = /^data\/(entries|bodies|masks|proofs)\/(0|[1-9][0-9]{0,15})(\.bin|\.json|\.tlog-proof)?$/

/**
 * Checks an evidence bundle with nothing but the file itself and, where given, a key from elsewhere (`key`, C2SP form).
 * Never throws for what the file holds; a file that cannot be opened is a problem like any other.
 */
export function verifyBundle(path: string, options: { readonly key?: string } = {}): Verdict<BundleFacts> {
  const report = new Report()
  let check: BundleCheck | undefined
  try {
    using zip = StrictZip.open(path, report)
    if (zip !== undefined) {
      check = new BundleCheck(new BundleFiles(zip, report), report, options.key)
      check.run()
    }
  } catch (error) {
    report.add(path, reasonOf(error))
  }
  return report.verdict(check?.facts() ?? NOTHING)
}

/** Of a file that is no bundle at all. */
const NOTHING: BundleFacts = {
  bytes: 0,
  files: 0,
  entries: 0,
  missing: 0,
  custody: 0,
  seals: 0,
  redacted: undefined,
  key: '',
  isKeyTrusted: false,
  origin: '',
  size: 0,
  rootHash: '',
  about: undefined,
  row: undefined,
}

function listed(value: unknown): readonly unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}

class BundleCheck {
  readonly #report: Report
  readonly #givenKey: string | undefined
  readonly #files: BundleFiles
  #key: VerifierKey | undefined
  #checkpoint = ''
  #head: TreeHead | undefined
  #about: unknown
  #entries = 0
  #missing = new Set<number>()
  #custody = 0
  #seals = 0
  #row: RowFacts | undefined
  #redacted: RedactionFacts | undefined
  /** Entries of a redacted bundle that came without the salt of their leaf. */
  readonly #unsalted = new Set<number>()
  readonly #salts = new Map<number, Buffer>()

  constructor(files: BundleFiles, report: Report, givenKey: string | undefined) {
    this.#files = files
    this.#report = report
    this.#givenKey = givenKey?.trim()
  }

  run(): void {
    const digests = this.#files.checkManifests()
    this.#readKey()
    this.#readFacts()
    if (this.#key !== undefined && digests !== undefined) {
      const others = new Map([...digests].filter(([name]) => name !== 'data/statement.dsse.json'))
      const text = this.#files.text('data/statement.dsse.json')
      const expected = { digests: others, key: this.#key, checkpoint: this.#checkpoint }
      if (text !== undefined) checkStatement(text, expected, this.#report)
    }
    const indices = this.#checkEntries()
    this.#checkRedactions(indices)
    this.#checkCustody(indices)
    this.#checkSeals(indices)
    this.#checkRow(indices)
  }

  facts(): BundleFacts {
    return {
      bytes: this.#files.bytes,
      files: this.#files.size,
      entries: this.#entries,
      missing: this.#missing.size,
      custody: this.#custody,
      seals: this.#seals,
      redacted: this.#redacted,
      key: this.#key?.text ?? '',
      isKeyTrusted: this.#givenKey !== undefined && this.#givenKey === this.#key?.text,
      origin: this.#head?.origin ?? '',
      size: this.#head?.size ?? 0,
      rootHash: this.#head?.root.toString('hex') ?? '',
      about: this.#about,
      row: this.#row,
    }
  }

  #readKey(): void {
    const text = this.#files.text('data/key.vkey')
    this.#key = text === undefined ? undefined : parseVerifierKey(text.slice(0, -1))
    const isKey = this.#key !== undefined && text === `${this.#key.text}\n`
    this.#report.check(isKey, 'data/key.vkey', 'is not an Ed25519 verifier key')
    if (this.#givenKey !== undefined && this.#key !== undefined) {
      const isSame = this.#givenKey === this.#key.text
      this.#report.check(isSame, 'data/key.vkey', 'is not the key that was given: another log signed this')
    }
    this.#checkpoint = this.#files.text('data/checkpoint') ?? ''
    if (this.#key === undefined) return
    const head = openCheckpoint(this.#checkpoint, this.#key)
    if (typeof head === 'string') this.#report.add('data/checkpoint', head)
    else this.#head = head
  }

  #readFacts(): void {
    this.#about = this.#files.json('data/about.json')
    const missing = this.#files.json('data/missing.json')
    // Undefined: it could not be read, which is reported.
    for (const item of listed(missing)) {
      const index = member(item, 'index')
      if (typeof index === 'number' && member(item, 'reason') === 'erased') this.#missing.add(index)
      else this.#report.add('data/missing.json', 'holds something other than erased entries')
    }
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

  #checkEntries(): ReadonlySet<number> {
    const indices = new Set<number>()
    const envelopes = new Set<string>()
    for (const name of this.#files.names()) {
      const parts = NUMBERED.exec(name)
      if (parts?.[1] === 'entries') indices.add(Number(parts[2]))
    }
    this.#entries = indices.size
    for (const index of indices) this.#checkEntry(index, envelopes)
    for (const name of this.#files.names()) {
      const parts = NUMBERED.exec(name)
      if (parts !== null) this.#report.check(indices.has(Number(parts[2])), name, 'belongs to no entry of the bundle')
      else if (name.startsWith('data/envelopes/')) {
        this.#report.check(envelopes.has(name), name, 'belongs to no entry of the bundle')
      }
    }
    for (const index of [...this.#missing, ...this.#salts.keys()]) {
      this.#report.check(indices.has(index), `entry ${index}`, 'is spoken of, but is not in the bundle')
    }
    return indices
  }

  #checkRedactions(indices: ReadonlySet<number>): void {
    if (!this.#files.has('data/redactions.json')) return
    const parts = {
      statementOf: (index: number) => {
        const entry = this.#salts.has(index) ? this.#custodyEntry(index, indices) : undefined
        return entry?.channel === 'control' ? entry.body : undefined
      },
      leafOf: (index: number) => (this.#unsalted.has(index) ? this.#leaf(index) : undefined),
      content: (name: string) => this.#files.content(name),
      has: (name: string) => this.#files.has(name),
      unsalted: this.#unsalted,
    }
    this.#redacted = checkRedactions(this.#files.json('data/redactions.json'), parts, this.#report)
  }

  #checkCustody(indices: ReadonlySet<number>): void {
    if (!this.#files.has('data/custody.json')) return
    const entryOf = (index: number): CustodyEntry | undefined => this.#custodyEntry(index, indices)
    this.#custody = checkCustody(this.#files.json('data/custody.json'), entryOf, this.#report)
  }

  #leaf(index: number): LeafEntry | undefined {
    const bytes = this.#files.content(`data/entries/${index}.bin`)
    return bytes === undefined ? undefined : parseLeafEntry(bytes)
  }

  /** An entry as far as it says who wrote what and when; undefined where the bundle has none. */
  #custodyEntry(index: number, indices: ReadonlySet<number>): CustodyEntry | undefined {
    const leaf = indices.has(index) ? this.#leaf(index) : undefined
    if (leaf === undefined) return undefined
    const { recordedAt, envelopeDigest } = leaf
    if (this.#missing.has(index)) return { recordedAt, channel: 'control', body: undefined }
    const envelope = this.#files.text(`data/envelopes/${envelopeDigest.toString('hex')}.json`)
    const body = this.#files.text(`data/bodies/${index}`)
    return { recordedAt, channel: envelope === undefined ? undefined : channelOf(envelope), body: body ?? '' }
  }

  #checkSeals(indices: ReadonlySet<number>): void {
    if (!this.#files.has('data/seals.json') || this.#head === undefined) return
    const sections = this.#files.json('data/seals.json')
    this.#seals = checkSealSections(sections, { head: this.#head, indices }, this.#report)
  }

  #checkRow(indices: ReadonlySet<number>): void {
    const isThere = this.#files.has('data/row.json')
    if (!isThere && member(this.#about, 'kind') !== 'audit-row') return
    if (!this.#report.check(isThere, 'data/row.json', 'is absent, though the pack is about a row')) return
    const row = this.#files.json('data/row.json')
    if (row === undefined || this.#key === undefined) return
    const leafOf = (index: number): Buffer | undefined =>
      indices.has(index) ? this.#files.content(`data/entries/${index}.bin`) : undefined
    this.#row = checkAuditRow(row, { key: this.#key, leafOf, held: indices }, this.#report)
  }

  #checkEntry(index: number, envelopes: Set<string>): void {
    const name = `data/entries/${index}.bin`
    const bytes = this.#files.content(name)
    const leaf = bytes?.length === 77 ? parseLeafEntry(bytes) : undefined
    if (bytes === undefined || leaf === undefined) {
      this.#report.add(name, 'is not a log entry of version 1')
      return
    }
    this.#checkProof(index, leafHash(bytes))
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

  #checkProof(index: number, leaf: Buffer): void {
    const name = `data/proofs/${index}.tlog-proof`
    const text = this.#files.text(name)
    if (text === undefined) return
    const proof = parseEntryProof(text)
    if (proof === undefined || proof.index !== index) {
      this.#report.add(name, `is not a proof for entry ${index}`)
      return
    }
    const isSame = proof.checkpoint === this.#checkpoint
    const what = 'ends in another checkpoint than data/checkpoint'
    if (this.#head === undefined) {
      if (!isSame) this.#report.follow(name, what, 'proofs end in another checkpoint than the one that does not hold')
      return
    }
    this.#report.check(isSame, name, what)
    const root = rootFromInclusion(leaf, { index, size: this.#head.size }, proof.path)
    const leads = root?.equals(this.#head.root) === true
    this.#report.check(leads, name, `does not lead from entry ${index} to the root of the checkpoint`)
  }
}
