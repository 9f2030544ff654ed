import type { LeafEntry } from './entry-proof.ts'
import type { Report } from './report.ts'
import { sha256 } from './rfc6962.ts'
import { parseRedactionStatement, redactionMark, type StatedEntry } from './redaction-statement.ts'
import { member } from './strict-json.ts'

const WHERE = 'data/redactions.json'

export type RedactionFacts = {
  /** Entries of the log that state what the hidden records were, each proven. */
  readonly statements: readonly number[]
  /** Entries that are handed over without the salt of their leaf, whether or not something in them is hidden. */
  readonly entries: number
  /** What is hidden, by the field that it is the value of. Untrusted. */
  readonly fields: readonly { readonly field: string; readonly values: number; readonly entries: number }[]
}

/** What the bundle holds, as far as it was read. */
export type RedactedParts = {
  /** Body of an entry that Holdfast wrote itself, and that is proven with its leaf; undefined for any other. */
  readonly statementOf: (index: number) => string | undefined
  /** Leaf of an entry that came without salt; undefined for any other. */
  readonly leafOf: (index: number) => LeafEntry | undefined
  /** Content of a file; undefined, and reported, where it is absent. */
  readonly content: (name: string) => Buffer | undefined
  readonly has: (name: string) => boolean
  /** All entries that came without salt. */
  readonly unsalted: ReadonlySet<number>
}

/**
 * Checks the records whose salt stayed with the log: that a statement in the log speaks of each, that it names the leaf, and that
 * every byte but the marks has the digest that was stated.
 */
export function checkRedactions(salts: unknown, parts: RedactedParts, report: Report): RedactionFacts {
  const check = new RedactionCheck(parts, report)
  for (const item of Array.isArray(salts) ? salts : [salts]) check.statement(item)
  return check.finish()
}

class RedactionCheck {
  readonly #parts: RedactedParts
  readonly #report: Report
  readonly #statements: number[] = []
  readonly #covered = new Set<number>()
  /** By field: how many values, in which entries. */
  readonly #fields = new Map<string, { values: number; readonly entries: Set<number> }>()

  constructor(parts: RedactedParts, report: Report) {
    this.#parts = parts
    this.#report = report
  }

  statement(item: unknown): void {
    const index = member(item, 'statement')
    const text = typeof index === 'number' ? this.#parts.statementOf(index) : undefined
    const statement = text === undefined ? undefined : parseRedactionStatement(text)
    if (typeof index !== 'number' || statement === undefined) {
      this.#report.add(WHERE, `names entry ${String(index)}, which is no statement of this log about a redaction`)
      return
    }
    this.#statements.push(index)
    const salts = listOf(member(item, 'entries'))
    const isWhole = salts.length === statement.entries.length
    if (!this.#report.check(isWhole, WHERE, `has not the salts that entry ${index} asks for`)) return
    for (const [i, entry] of statement.entries.entries()) this.#entry(entry, salts[i])
    const envelopes = listOf(member(item, 'envelopes'))
    for (const [i, { envelope, digest }] of statement.envelopes.entries()) {
      const name = `data/envelopes/${envelope.toString('hex')}.json`
      this.#compare(name, { content: this.#parts.content(name), salt: envelopes[i], digest })
    }
    const stated = new Set(statement.envelopes.map(({ envelope }) => envelope.toString('hex')))
    for (const { entry, envelope } of statement.entries)
      this.#report.check(stated.has(envelope.toString('hex')), `entry ${entry}`, 'has an envelope that is not stated')
  }

  finish(): RedactionFacts {
    for (const index of this.#parts.unsalted)
      this.#report.check(this.#covered.has(index), `entry ${index}`, 'has neither a salt nor a statement')
    const fields = [...this.#fields].map(([field, { values, entries }]) => ({ field, values, entries: entries.size }))
    return { statements: this.#statements, entries: this.#covered.size, fields }
  }

  #entry(stated: StatedEntry, salts: unknown): void {
    const { entry: index, parts, masks } = stated
    const name = `data/bodies/${index}`
    const leaf = this.#parts.leafOf(index)
    const isNew = leaf !== undefined && !this.#covered.has(index)
    if (!this.#report.check(isNew, `entry ${index}`, 'is stated, but is not here once and without salt')) return
    this.#covered.add(index)
    const isLeaf = leaf?.bodyDigest.equals(stated.body) === true && leaf.envelopeDigest.equals(stated.envelope)
    this.#report.check(isLeaf, `entry ${index}`, 'has another leaf than the statement about it names')
    const body = this.#parts.content(name)
    if (body === undefined) return
    const bytes = parts.reduce((sum, part) => sum + part.bytes, 0)
    const isLong = body.length === leaf?.bodyBytes && body.length === bytes
    if (!this.#report.check(isLong, name, `has ${body.length} bytes, ${bytes} are stated`)) return
    const partSalts = listOf(member(salts, 'salts'))
    let at = 0
    for (const [i, part] of parts.entries()) {
      const content = body.subarray(at, at + part.bytes)
      if (part.field === undefined) {
        this.#compare(`${name}, bytes ${at} to ${at + part.bytes}`, { content, salt: partSalts[i], ...part })
      } else {
        const isMark = content.equals(redactionMark(part))
        this.#report.check(isMark, `${name}, bytes ${at} to ${at + part.bytes}`, 'are hidden, but bear no mark of it')
        this.#note(part.field, index)
      }
      at += part.bytes
    }
    this.#masks(index, { digest: masks, salt: member(salts, 'masks') })
  }

  #masks(index: number, { digest, salt }: { readonly digest: Buffer | undefined; readonly salt: unknown }): void {
    const name = `data/masks/${index}.json`
    if (digest !== undefined) this.#compare(name, { content: this.#parts.content(name), salt, digest })
    else this.#report.check(!this.#parts.has(name), name, 'is there, but nothing is stated of it')
  }

  #compare(
    where: string,
    {
      content,
      salt,
      digest,
    }: { readonly content: Buffer | undefined; readonly salt: unknown; readonly digest: Buffer },
  ): void {
    const bytes = Buffer.from(typeof salt === 'string' ? salt : '', 'base64')
    if (!this.#report.check(bytes.length === 32, where, `has no salt in ${WHERE}`) || content === undefined) return
    this.#report.check(sha256(bytes, content).equals(digest), where, 'is not what the log stated before the export')
  }

  #note(field: string, index: number): void {
    const known = this.#fields.get(field) ?? { values: 0, entries: new Set<number>() }
    this.#fields.set(field, { values: known.values + 1, entries: known.entries.add(index) })
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
