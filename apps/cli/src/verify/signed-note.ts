import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { sha256 } from './rfc6962.ts'

/** A verifier key of C2SP signed-note: `<name>+<8 hex digits>+<base64 of type and key>`. Ed25519 only. */
export type VerifierKey = {
  readonly name: string
  readonly id: Buffer
  readonly publicKey: KeyObject
  readonly text: string
}

export type TreeHead = { readonly origin: string; readonly size: number; readonly root: Buffer }

const ED25519 = 1
/** SPKI of an Ed25519 key without its 32 bytes (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

/** Undefined unless the text is such a key and its id belongs to it. Untrusted. */
export function parseVerifierKey(text: string): VerifierKey | undefined {
  const parts = /^([^\s+]{1,256})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(text)
  const [, name, idText, keyText] = parts ?? []
  if (name === undefined || idText === undefined || keyText === undefined) return undefined
  const typed = Buffer.from(keyText, 'base64')
  if (typed.length !== 33 || typed[0] !== ED25519 || typed.toString('base64') !== keyText) return undefined
  const id = sha256(Buffer.from(`${name}\n`), typed).subarray(0, 4)
  if (id.toString('hex') !== idText) return undefined
  const publicKey = createPublicKey({
    key: Buffer.concat([SPKI_PREFIX, typed.subarray(1)]),
    format: 'der',
    type: 'spki',
  })
  return { name, id, publicKey, text }
}

/** The tree head of a checkpoint that has one signature, by this key, and nothing besides; else what is wrong with it. */
export function openCheckpoint(note: string, key: VerifierKey): TreeHead | string {
  const parts = /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n\n— (\S+) ([A-Za-z0-9+/]+={0,2})\n$/.exec(note)
  const [, origin, sizeText, rootText, signer, signatureText] = parts ?? []
  if (origin === undefined || rootText === undefined || signatureText === undefined) return 'is not a signed checkpoint'
  if (origin !== key.name || signer !== key.name) return `is of the log ${origin}, the key is of ${key.name}`
  const root = Buffer.from(rootText, 'base64')
  const signature = Buffer.from(signatureText, 'base64')
  // Base64 has more than one spelling of the same bytes: only the usual one is taken.
  if (root.toString('base64') !== rootText || signature.toString('base64') !== signatureText) {
    return 'has base64 that is not in its usual form'
  }
  if (!signature.subarray(0, 4).equals(key.id)) return 'is signed by another key'
  const text = note.slice(0, note.indexOf('\n\n') + 1)
  if (!verify(null, Buffer.from(text), key.publicKey, signature.subarray(4)))
    return 'has a signature that does not hold'
  return { origin, size: Number(sizeText), root }
}
