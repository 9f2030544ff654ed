import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { checkAuditRow, type RowFacts } from './audit-row.ts'
import { verifyBundle } from './bundle.ts'
import { verifyFolder } from './folder.ts'
import { reasonOf, Report, type Verdict } from './report.ts'
import { parseVerifierKey } from './signed-note.ts'
import { hasRepeatedMembers, member } from './strict-json.ts'

export type AuditFacts = {
  /** What was checked. */
  readonly kind: 'row' | 'pack' | 'folder'
  readonly row: RowFacts | undefined
  readonly entries: number
  readonly key: string
  readonly isKeyTrusted: boolean
  readonly size: number
}

/** A row with every text that it may hold is a megabyte or two. */
const MAX_ROW_BYTES = 64 * 1024 * 1024

/**
 * Checks a row, a pack of one, or the folder of a stopped log with its cold storage. Never throws for what is in them; a path
 * that cannot be read is a problem like any other.
 */
export function verifyAudit(path: string, options: { readonly key?: string } = {}): Verdict<AuditFacts> {
  try {
    if (statSync(path).isDirectory()) {
      const { facts, ...verdict } = verifyFolder(path, options)
      const { key, isKeyTrusted, size } = facts
      return { ...verdict, facts: { kind: 'folder', row: undefined, entries: size, key, isKeyTrusted, size } }
    }
    return isZip(path) ? verifyPack(path, options) : verifyRow(path, options)
  } catch (error) {
    const report = new Report()
    report.add(path, reasonOf(error))
    return report.verdict({ kind: 'row', row: undefined, entries: 0, key: '', isKeyTrusted: false, size: 0 })
  }
}

function verifyPack(path: string, options: { readonly key?: string }): Verdict<AuditFacts> {
  const { facts, ...verdict } = verifyBundle(path, options)
  const { row, entries, key, isKeyTrusted, size } = facts
  return { ...verdict, facts: { kind: 'pack', row, entries, key, isKeyTrusted, size } }
}

function verifyRow(path: string, options: { readonly key?: string }): Verdict<AuditFacts> {
  const report = new Report()
  const { row, text } = jsonIn(path)
  report.check(!hasRepeatedMembers(text, row), 'row', 'names something twice: who reads it may see what was not signed')
  const keyText = member(member(row, 'proof'), 'key')
  const stated = typeof keyText === 'string' ? keyText : ''
  const given = options.key?.trim()
  const key = parseVerifierKey(given ?? stated)
  if (key === undefined) report.add('row', 'states no key that it could be checked with')
  const facts = key === undefined ? undefined : checkAuditRow(row, { key }, report)
  return report.verdict({
    kind: 'row',
    row: facts,
    entries: facts?.entries ?? 0,
    key: stated,
    isKeyTrusted: given !== undefined && given === stated,
    size: facts?.size ?? 0,
  })
}

/** A row that somebody wrote with other white space says the same: its signature is over its canonical form. */
function jsonIn(path: string): { readonly row: unknown; readonly text: string } {
  if (statSync(path).size > MAX_ROW_BYTES) throw new RangeError('is too large to be a row')
  const text = readFileSync(path, 'utf8')
  try {
    return { row: JSON.parse(text), text }
  } catch (error) {
    // The parser's own words quote the file, which may be anything.
    throw new Error('is neither a pack nor a row: it is no JSON', { cause: error })
  }
}

function isZip(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(4)
    return readSync(file, head) === 4 && head.equals(Buffer.from('PK\x03\x04'))
  } finally {
    closeSync(file)
  }
}
