import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { RecorderError } from './errors.ts'

/** Ed25519 key that signs checkpoints, as PKCS #8 PEM. */
export const SIGNING_KEY_FILE = 'log.key'
/** 32 bytes in hex that wrap every content key. */
export const MASTER_KEY_FILE = 'master.key'

/** The public half of the signing key, as C2SP verifier key. */
const VERIFIER_KEY_FILE = 'log.vkey'

export type KeyFiles = { readonly signing: KeyObject; readonly verifying: KeyObject; readonly master: Buffer }

/** The folder's keys. `make` creates those of a new log; for a log that has entries an absent key is `corrupt`. */
export function loadKeyFiles(folder: string, make: boolean): KeyFiles {
  const signing = createPrivateKey(load(folder, SIGNING_KEY_FILE, make, newSigningKey))
  const master = Buffer.from(load(folder, MASTER_KEY_FILE, make, newMasterKey).trim(), 'hex')
  if (master.length !== 32) throw new RecorderError('corrupt', `${MASTER_KEY_FILE} is not 32 bytes in hex: restore it`)
  return { signing, verifying: createPublicKey(signing), master }
}

function newSigningKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function newMasterKey(): string {
  return `${randomBytes(32).toString('hex')}\n`
}

function load(folder: string, name: string, make: boolean, create: () => string): string {
  const path = join(folder, name)
  if (!existsSync(path)) {
    if (!make)
      throw new RecorderError('corrupt', `${path} is absent though the log has entries: restore it from a backup`)
    writeDurably(path, create())
  }
  return readFileSync(path, 'utf8')
}

/** The verifier key in its file. Written only where it differs: a full disk must not keep a log from opening. */
export function keepVerifierKey(folder: string, key: string): void {
  const path = join(folder, VERIFIER_KEY_FILE)
  const text = `${key}\n`
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeDurably(path, text)
}

/** Writes a file so that after a power cut it is there whole, or as it was before. */
export function writeDurably(path: string, text: string): void {
  const file = openSync(`${path}.new`, 'w', 0o600)
  try {
    writeFileSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(`${path}.new`, path)
  syncFolder(dirname(path))
}

/** Makes the folder's own entries durable: a new name is lost with the power until its folder is synced. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
