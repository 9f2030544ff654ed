import { createHash, sign, type KeyObject } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync, readSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson } from '@holdfast/model'
import { LOG_FILE } from './database.ts'
import { MASTER_KEY_FILE, SIGNING_KEY_FILE, syncFolder, writeDurably } from './key-files.ts'
import type { Checkpoint } from './types.ts'

/**
 * Digests of every byte of a stopped folder's database, signed (SPEC.md, section 9). The tree covers what the log says;
 * this covers the rest of the file too: unused space, index pages, page headers. Its presence also says that the last
 * run ended cleanly.
 */
export const SEAL_FILE = 'seal.json'
const CHUNK_BYTES = 1024 * 1024

export function writeSeal(folder: string, parts: { readonly checkpoint: Checkpoint; readonly key: KeyObject }): void {
  const { note, size, rootHash } = parts.checkpoint
  const body = canonicalJson({
    chunkBytes: CHUNK_BYTES,
    chunks: chunkDigests(join(folder, LOG_FILE)),
    files: {
      [MASTER_KEY_FILE]: fileDigest(join(folder, MASTER_KEY_FILE)),
      [SIGNING_KEY_FILE]: fileDigest(join(folder, SIGNING_KEY_FILE)),
    },
    note,
    rootHash,
    size,
    version: 1,
  })
  const signature = sign(null, Buffer.from(`holdfast/seal/v1\n${body}`), parts.key).toString('base64')
  writeDurably(join(folder, SEAL_FILE), `${body}\n${signature}\n`)
}

/** True where there was one. Afterwards there is none, durably: what is written from now on is not covered by it. */
export function removeSeal(folder: string): boolean {
  const path = join(folder, SEAL_FILE)
  if (!existsSync(path)) return false
  rmSync(path)
  syncFolder(folder)
  return true
}

function chunkDigests(path: string): string[] {
  const file = openSync(path, 'r')
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    const digests: string[] = []
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
      digests.push(createHash('sha256').update(chunk.subarray(0, read)).digest('hex'))
    }
    return digests
  } finally {
    closeSync(file)
  }
}

function fileDigest(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}
