import { createPublicKey } from 'node:crypto'
import { noteVerifier, openNote, verifierKey } from './note.ts'

/**
 * The text of a document that the log's key signed (`Recorder.signDocument`), where the signature of `key`, a C2SP verifier
 * key, holds. Undefined otherwise. Untrusted, both.
 */
export function openDocument(note: string, key: string): string | undefined {
  const [, name, encoded] = /^([^\s+]{1,256})\+[0-9a-f]{8}\+([A-Za-z0-9+/]{44})$/.exec(key) ?? []
  const typed = Buffer.from(encoded ?? '', 'base64')
  if (name === undefined || typed.length !== 33) return undefined
  try {
    const x = typed.subarray(1).toString('base64url')
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    // The id must belong to the name and the key, and the type be Ed25519.
    if (verifierKey(name, publicKey) !== key) return undefined
    return openNote(note, noteVerifier(name, publicKey))
  } catch {
    // No key at all.
    return undefined
  }
}
