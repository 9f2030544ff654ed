import { HAND_OVER_FIELD_BYTES } from '../limits.ts'

/** HTTP field by which the giver of a hand-over proves its name to the other end. */
export const HAND_OVER_FIELD = 'holdfast-hand-over'

export type ProofField = {
  readonly from: string
  readonly to: string
  /** RFC 3339. */
  readonly at: string
  /** 32 hex digits, used once. */
  readonly nonce: string
  /** SHA-256 of the body as it goes over the wire, in hex. */
  readonly digest: string
  /** Ed25519 in base64. */
  readonly signature: string
}

export function encodeProof(proof: ProofField): string {
  return Buffer.from(JSON.stringify(proof)).toString('base64url')
}

/** Undefined where the field is none of ours. Untrusted. */
export function parseProof(text: string | undefined): ProofField | undefined {
  if (text === undefined || text.length > HAND_OVER_FIELD_BYTES) return undefined
  const json = jsonOf(Buffer.from(text, 'base64url').toString('utf8'))
  const told = (name: string, form: RegExp): string | undefined => {
    const value = json?.get(name)
    return typeof value === 'string' && form.test(value) ? value : undefined
  }
  const [from, to] = [told('from', NAME), told('to', NAME)]
  const [at, nonce, digest] = [told('at', TIME), told('nonce', /^[0-9a-f]{32}$/), told('digest', /^[0-9a-f]{64}$/)]
  const signature = told('signature', /^[A-Za-z0-9+/]{86}==$/)
  if (from === undefined || to === undefined || at === undefined) return undefined
  if (nonce === undefined || digest === undefined || signature === undefined) return undefined
  return { from, to, at, nonce, digest, signature }
}

/** As the roster takes names: on one line, so that no line of what is signed can run into another. */
const NAME = /^[^\p{Cc}]{1,600}$/u
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/

/** Keys are the sender's, so they become keys of a Map. */
function jsonOf(text: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? new Map(Object.entries(json)) : undefined
  } catch {
    // No JSON: whatever it is, it proves nothing.
    return undefined
  }
}
