import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { type KeptHead, LogCheck } from './log-check.ts'
import { reasonOf, Report, type Verdict } from './report.ts'
import { checkSeal } from './seal.ts'
import { openCheckpoint, parseVerifierKey, type VerifierKey } from './signed-note.ts'
import { sha256 } from './rfc6962.ts'

export type FolderFacts = {
  readonly size: number
  readonly rootHash: string
  readonly segments: number
  readonly checkpoints: number
  readonly lastCheckpoint: { readonly size: number; readonly signedAt: string } | undefined
  /** Entries whose content was erased; their leaves were checked all the same. */
  readonly erased: number
  /** The checkpoint that was given, where its signature holds. */
  readonly kept: { readonly size: number } | undefined
  readonly gaps: number
  /** Files of cold storage that were checked as well. */
  readonly coldFiles: number
  readonly origin: string
  readonly key: string
  readonly isKeyTrusted: boolean
  /** False where the folder is in use or its last run was cut off: unused space in its database is not covered then. */
  readonly isSealed: boolean
}

export type FolderOptions = {
  readonly key?: string
  /** `name` says where it came from, in a problem. */
  readonly kept?: { readonly name: string; readonly note: string }
}

/**
 * Checks a log folder: the seal, every leaf, tile and checkpoint, and with the folder's own master key every body.
 * `key` is a verifier key from elsewhere; without it the folder vouches for its own key. `kept` is a checkpoint from
 * elsewhere that the log must begin with. Reads only; never throws for what
 * the folder holds.
 */
export function verifyFolder(folder: string, options: FolderOptions = {}): Verdict<FolderFacts> {
  const report = new Report()
  let db: DatabaseSync | undefined
  let check: LogCheck | undefined
  let key: VerifierKey | undefined
  let isSealed = false
  try {
    const publicKey = createPublicKey(createPrivateKey(readFileSync(join(folder, 'log.key'), 'utf8')))
    // First, since it needs no database: it names the place of a change that makes the database unreadable.
    const seal = attempt(report, 'seal.json', () => checkSeal(folder, publicKey, report))
    isSealed = seal !== undefined
    db = open(folder)
    // One snapshot for all questions: the log may grow while it is checked.
    db.exec('BEGIN')
    key = folderKey(publicKey, originOf(db), report)
    if (key === undefined) return report.verdict(facts({ key, check, isSealed, given: options.key }))
    if (options.key !== undefined) {
      report.check(options.key.trim() === key.text, 'log.key', 'is not the key that was given: this is another log')
    }
    check = new LogCheck({
      db,
      folder,
      key,
      master: masterKey(folder),
      report,
      kept: keptHead(options.kept, key, report),
    })
    attempt(report, 'log.db', () => check?.run())
    if (seal !== undefined) {
      report.check(seal.note === check.lastNote, 'seal.json', 'was made for another newest checkpoint than log.db has')
    }
  } catch (error) {
    report.add('log.db', reasonOf(error))
  } finally {
    db?.close()
  }
  return report.verdict(facts({ key, check, isSealed, given: options.key }))
}

/** A stopped folder is opened as immutable, so that looking at it changes nothing in it. */
function open(folder: string): DatabaseSync {
  const path = join(folder, 'log.db')
  if (existsSync(`${path}-wal`)) return new DatabaseSync(path, { readOnly: true, timeout: 5000 })
  return new DatabaseSync(new URL('?immutable=1', pathToFileURL(path)), { readOnly: true })
}

function originOf(db: DatabaseSync): string {
  const value = db.prepare("SELECT value FROM meta WHERE key = 'origin' AND length(value) <= 256").get()?.['value']
  return typeof value === 'string' ? value : ''
}

function folderKey(publicKey: KeyObject, origin: string, report: Report): VerifierKey | undefined {
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const typed = Buffer.concat([Buffer.of(1), spki.subarray(-32)])
  const id = sha256(Buffer.from(`${origin}\n`), typed)
    .subarray(0, 4)
    .toString('hex')
  const key = parseVerifierKey(`${origin}+${id}+${typed.toString('base64')}`)
  report.check(key !== undefined, 'log.db', 'does not state the name of the log')
  return key
}

function keptHead(kept: FolderOptions['kept'], key: VerifierKey, report: Report): KeptHead | undefined {
  if (kept === undefined) return undefined
  const head = openCheckpoint(kept.note, key)
  if (typeof head !== 'string') return { name: kept.name, size: head.size, root: head.root }
  report.add(kept.name, head)
  return undefined
}

function masterKey(folder: string): Buffer {
  return Buffer.from(readFileSync(join(folder, 'master.key'), 'utf8').trim(), 'hex')
}

/** Runs a check; what untrusted bytes make it throw is a problem at `where`, and the next check goes on. */
function attempt<T>(report: Report, where: string, work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    report.add(where, reasonOf(error))
    return undefined
  }
}

function facts(parts: {
  readonly key: VerifierKey | undefined
  readonly check: LogCheck | undefined
  readonly isSealed: boolean
  readonly given: string | undefined
}): FolderFacts {
  const { key, check, isSealed, given } = parts
  return {
    size: check?.tree.size ?? 0,
    rootHash: check?.tree.root().toString('hex') ?? '',
    segments: check?.segments ?? 0,
    checkpoints: check?.checkpoints ?? 0,
    lastCheckpoint: check?.lastCheckpoint,
    erased: check?.erased ?? 0,
    kept: check?.kept === undefined ? undefined : { size: check.kept.size },
    gaps: check?.gaps ?? 0,
    coldFiles: check?.coldFiles ?? 0,
    origin: key?.name ?? '',
    key: key?.text ?? '',
    isKeyTrusted: given !== undefined && given.trim() === key?.text,
    isSealed,
  }
}
