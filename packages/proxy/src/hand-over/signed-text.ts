import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import type { EndProof, HandOver, Roster } from '@holdfast/model'

/** An agent as its proxy speaks for it. */
export type OwnEnd = {
  readonly name: string
  /** Ed25519 private key; undefined where none was named: then the name is not proven. */
  readonly key: KeyObject | undefined
}

/** What the giver signs of one message (docs/roster.md): no line can run into another, because none holds a line feed. */
export function givenText(
  { from, to }: HandOver,
  { at, nonce, digest }: { readonly at: string; readonly nonce: string; readonly digest: string },
): string {
  return `holdfast hand-over v1\n${from}\n${to}\n${at}\n${nonce}\n${digest}\n`
}

/** What the other end signs when it is asked for its name. */
export function takenText({ from, to }: HandOver, nonce: string): string {
  return `holdfast hand-over answer v1\n${from}\n${to}\n${nonce}\n`
}

/** In base64; undefined without a key. */
export function signed({ key }: OwnEnd, text: string): string | undefined {
  return key === undefined ? undefined : sign(null, Buffer.from(text), key).toString('base64')
}

/** Whether a text was signed with the key that the roster has for the name. Untrusted. */
export function proofBy(
  { agents }: Pick<Roster, 'agents'>,
  name: string,
  { text, signature }: { readonly text: string; readonly signature: string | undefined },
): EndProof {
  const raw = Buffer.from(agents.find(({ agent }) => agent === name)?.key ?? '', 'base64')
  const key = raw.length === 32 ? publicKeyOf(raw) : undefined
  if (key === undefined || signature === undefined) return 'unproven'
  return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64')) ? 'proven' : 'wrong-key'
}

/** Whether our own key is that of the roster for our own name. */
export function ownProof({ agents }: Pick<Roster, 'agents'>, { name, key }: OwnEnd): EndProof {
  if (key === undefined) return 'unproven'
  const known = agents.find(({ agent }) => agent === name)?.key
  if (known === undefined) return 'unproven'
  const own = createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')
  return own === known ? 'proven' : 'wrong-key'
}

function publicKeyOf(raw: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' })
  } catch {
    // No point of the curve.
    return undefined
  }
}
