import { verify } from 'node:crypto'
import { parseVerifierKey } from './signed-note.ts'
import { parseStrictJson } from './strict-json.ts'

/** A statement whose signature holds; `value` is what it says, and undefined where that is no strict JSON. */
export type SignedStatement =
  | { readonly ok: true; readonly origin: string; readonly size: number; readonly value: unknown }
  | { readonly ok: false; readonly problem: string }

const FORM = /^((holdfast [a-z]+ v1)\n([^\n]+)\n([0-9]{1,16})\n([^\n]+)\n)\n— (\S+) ([A-Za-z0-9+/]+={0,2})\n$/

/**
 * Checks a note with a title, the log's origin and size, and one line of JSON against the C2SP verifier key of the log that signed it.
 * `what` names it where it is no such note. The note is untrusted.
 */
export function readSignedStatement(
  note: string,
  { keyText, title, what }: { readonly keyText: string; readonly title: string; readonly what: string },
): SignedStatement {
  const key = parseVerifierKey(keyText)
  if (key === undefined) return wrong('the key is not a verifier key, or its id is not its own')
  const [, text, found, origin, size, json, signer, signatureText] = FORM.exec(note) ?? []
  if (text === undefined || found !== title || json === undefined || signatureText === undefined) return wrong(what)
  if (origin !== key.name || signer !== key.name) return wrong(`it is of the log ${origin}, the key is of ${key.name}`)
  const signature = Buffer.from(signatureText, 'base64')
  // Base64 has more than one spelling of the same bytes: only the usual one is taken.
  if (signature.toString('base64') !== signatureText) return wrong('it has base64 that is not in its usual form')
  if (!signature.subarray(0, 4).equals(key.id)) return wrong('it is signed by another key')
  if (!verify(null, Buffer.from(text), key.publicKey, signature.subarray(4)))
    return wrong('it has a signature that does not hold')
  return { ok: true, origin, size: Number(size), value: parseStrictJson(`${json}\n`)?.value }
}

function wrong(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem }
}
