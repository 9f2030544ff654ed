import { checkAuditRow, type RowFacts } from './audit-row.ts'
import { BundleEntries } from './bundle-entries.ts'
import { BundleFiles } from './bundle-files.ts'
import { checkCustody, type CustodyEntry } from './custody.ts'
import { reasonOf, Report, type Verdict } from './report.ts'
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

class BundleCheck {
  readonly #report: Report
  readonly #givenKey: string | undefined
  readonly #files: BundleFiles
  #key: VerifierKey | undefined
  #checkpoint = ''
  #head: TreeHead | undefined
  #entries: BundleEntries | undefined
  #about: unknown
  #custody = 0
  #seals = 0
  #row: RowFacts | undefined
  #redacted: RedactionFacts | undefined

  constructor(files: BundleFiles, report: Report, givenKey: string | undefined) {
    this.#files = files
    this.#report = report
    this.#givenKey = givenKey?.trim()
  }

  run(): void {
    const digests = this.#files.checkManifests()
    this.#readKey()
    this.#about = this.#files.json('data/about.json')
    const entries = new BundleEntries(this.#files, this.#report)
    this.#entries = entries
    if (this.#key !== undefined && digests !== undefined) {
      const others = new Map([...digests].filter(([name]) => name !== 'data/statement.dsse.json'))
      const text = this.#files.text('data/statement.dsse.json')
      const expected = { digests: others, key: this.#key, checkpoint: this.#checkpoint }
      if (text !== undefined) checkStatement(text, expected, this.#report)
    }
    entries.check({ head: this.#head, checkpoint: this.#checkpoint })
    this.#checkRedactions(entries)
    this.#checkCustody(entries)
    this.#checkSeals(entries)
    this.#checkRow(entries)
  }

  facts(): BundleFacts {
    return {
      bytes: this.#files.bytes,
      files: this.#files.size,
      entries: this.#entries?.indices.size ?? 0,
      missing: this.#entries?.missing ?? 0,
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

  #checkRedactions(entries: BundleEntries): void {
    if (!this.#files.has('data/redactions.json')) return
    const parts = {
      statementOf: (index: number) => {
        const entry = entries.hasSalt(index) ? entries.written(index) : undefined
        return entry?.channel === 'control' ? entry.body : undefined
      },
      leafOf: (index: number) => (entries.unsalted.has(index) ? entries.leaf(index) : undefined),
      content: (name: string) => this.#files.content(name),
      has: (name: string) => this.#files.has(name),
      unsalted: entries.unsalted,
    }
    this.#redacted = checkRedactions(this.#files.json('data/redactions.json'), parts, this.#report)
  }

  #checkCustody(entries: BundleEntries): void {
    if (!this.#files.has('data/custody.json')) return
    const entryOf = (index: number): CustodyEntry | undefined => entries.written(index)
    this.#custody = checkCustody(this.#files.json('data/custody.json'), entryOf, this.#report)
  }

  #checkSeals({ indices }: BundleEntries): void {
    if (!this.#files.has('data/seals.json') || this.#head === undefined) return
    const sections = this.#files.json('data/seals.json')
    this.#seals = checkSealSections(sections, { head: this.#head, indices }, this.#report)
  }

  #checkRow({ indices }: BundleEntries): void {
    const isThere = this.#files.has('data/row.json')
    if (!isThere && member(this.#about, 'kind') !== 'audit-row') return
    if (!this.#report.check(isThere, 'data/row.json', 'is absent, though the pack is about a row')) return
    const row = this.#files.json('data/row.json')
    if (row === undefined || this.#key === undefined) return
    const leafOf = (index: number): Buffer | undefined =>
      indices.has(index) ? this.#files.content(`data/entries/${index}.bin`) : undefined
    this.#row = checkAuditRow(row, { key: this.#key, leafOf, held: indices }, this.#report)
  }
}
