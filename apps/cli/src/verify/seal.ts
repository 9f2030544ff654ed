import { type KeyObject, verify } from 'node:crypto'
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Report } from './report.ts'
import { sha256 } from './rfc6962.ts'
import { member, parseStrictJson } from './strict-json.ts'

const SEAL = 'seal.json'
const CHUNK_BYTES = 1024 * 1024
/** Digests of a terabyte of log. */
const MAX_SEAL_BYTES = 128 * 1024 * 1024

/**
 * Checks a stopped folder against its seal: the digest of every mebibyte of `log.db` and of the key files. Gives back the
 * checkpoint note that was sealed; undefined where there is no seal, because the folder is in use or was cut off.
 */
export function checkSeal(folder: string, key: KeyObject, report: Report): { readonly note: unknown } | undefined {
  const path = join(folder, SEAL)
  if (!existsSync(path)) return undefined
  if (!report.check(statSync(path).size <= MAX_SEAL_BYTES, SEAL, 'is too large')) return { note: undefined }
  const bytes = readFileSync(path)
  const text = bytes.toString('utf8')
  const [body = '', signatureText = '', rest, ...more] = text.split('\n')
  const signature = Buffer.from(signatureText, 'base64')
  const seal = parseStrictJson(`${body}\n`)?.value
  const isWhole =
    rest === '' &&
    more.length === 0 &&
    Buffer.from(text).equals(bytes) &&
    signature.toString('base64') === signatureText
  report.check(isWhole && seal !== undefined, SEAL, 'is not as written')
  const holds = verify(null, Buffer.from(`holdfast/seal/v1\n${body}`), key, signature)
  report.check(holds, SEAL, 'has a signature that does not hold')
  const isKnown = member(seal, 'version') === 1 && member(seal, 'chunkBytes') === CHUNK_BYTES
  report.check(isKnown, SEAL, 'is of an unknown version')
  checkChunks(join(folder, 'log.db'), member(seal, 'chunks'), report)
  for (const name of ['log.key', 'master.key']) {
    const digest = member(member(seal, 'files'), name)
    const isSame = existsSync(join(folder, name)) && sha256(readFileSync(join(folder, name))).toString('hex') === digest
    report.check(isSame, name, 'was changed after the folder was sealed')
  }
  return { note: member(seal, 'note') }
}

function checkChunks(path: string, chunks: unknown, report: Report): void {
  const digests: readonly unknown[] = Array.isArray(chunks) ? chunks : []
  const file = openSync(path, 'r')
  try {
    const total = Math.ceil(fstatSync(file).size / CHUNK_BYTES)
    report.check(total === digests.length, 'log.db', `has ${total} MiB, ${digests.length} were sealed`)
    const chunk = Buffer.alloc(CHUNK_BYTES)
    for (let i = 0; i < Math.min(total, digests.length); i++) {
      const from = i * CHUNK_BYTES
      const read = readFully(file, chunk, from)
      const isSame = sha256(chunk.subarray(0, read)).toString('hex') === digests[i]
      report.check(isSame, `log.db, bytes ${from} to ${from + read - 1}`, 'were changed after the folder was sealed')
    }
  } finally {
    closeSync(file)
  }
}

function readFully(file: number, chunk: Buffer, from: number): number {
  let done = 0
  while (done < chunk.length) {
    const read = readSync(file, chunk, done, chunk.length - done, from + done)
    if (read === 0) break
    done += read
  }
  return done
}
