import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import type { Roster } from '@holdfast/model'
import { canonicalJson } from '@holdfast/model'
import { openDocument } from '@holdfast/recorder'

/** First line of the document, which says its kind and how to read it. */
const TITLE = 'holdfast roster v1'

/** What the log's key signs: title, log, its size, and the roster as canonical JSON (RFC 8785), a line each. */
export function rosterText(roster: Roster, log: { readonly origin: string; readonly size: number }): string {
  const { mode, agents, tools, dataRules } = roster
  const data = dataRules === undefined ? {} : { dataRules }
  return `${TITLE}\n${log.origin}\n${log.size}\n${canonicalJson({ agents, ...data, mode, tools })}\n`
}

/** The JSON in a document that `key` signed; undefined where it is none, or the signature does not hold. Untrusted. */
export function openRosterDocument(document: string, key: string): unknown {
  const text = openDocument(document, key)
  const [title, origin, size, json, ...rest] = text?.split('\n') ?? []
  if (title !== TITLE || origin !== key.split('+')[0] || !/^[0-9]{1,16}$/.test(size ?? '') || json === undefined)
    return undefined
  if (rest.length !== 1 || rest[0] !== '') return undefined
  try {
    return JSON.parse(json)
  } catch {
    // Signed, and yet no document that we wrote.
    return undefined
  }
}

/** What an agent signs to prove its name: its lines cannot run into each other, because none holds a line feed. */
export function admissionText(agent: string, version: string | undefined, at: string): string {
  return `holdfast admission v1\n${agent}\n${version ?? ''}\n${at}\n`
}

/** True where the text was signed with the private half of `key` (32 bytes in base64). Untrusted. */
export function isSignedBy(key: string, text: string, signature: string): boolean {
  const publicKey = publicKeyOf(key)
  return publicKey !== undefined && verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64'))
}

/** An Ed25519 public key of its 32 bytes in base64; undefined where they are not. */
function publicKeyOf(key: string): KeyObject | undefined {
  const raw = Buffer.from(key, 'base64')
  if (raw.length !== 32) return undefined
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' })
  } catch {
    // No point of the curve.
    return undefined
  }
}
