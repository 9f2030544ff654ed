import { verify } from 'node:crypto'
import { parseVerifierKey } from './signed-note.ts'
import { member, parseStrictJson } from './strict-json.ts'

/** A roster document whose signature holds, or what is wrong with it. */
export type RosterVerdict =
  | {
      readonly ok: true
      readonly origin: string
      /** Entries of the log when it was signed. */
      readonly size: number
      readonly mode: string
      readonly agents: readonly unknown[]
      readonly tools: readonly unknown[]
    }
  | { readonly ok: false; readonly problem: string }

/** Checks a roster document against the C2SP verifier key of the log that signed it. Untrusted. */
export function verifyRoster(note: string, keyText: string): RosterVerdict {
  const key = parseVerifierKey(keyText)
  if (key === undefined) return wrong('the key is not a verifier key, or its id is not its own')
  const parts = /^(holdfast roster v1\n([^\n]+)\n([0-9]{1,16})\n([^\n]+)\n)\n— (\S+) ([A-Za-z0-9+/]+={0,2})\n$/.exec(
    note,
  )
  const [, text, origin, size, json, signer, signatureText] = parts ?? []
  if (text === undefined || origin === undefined || json === undefined || signatureText === undefined)
    return wrong('it is not a signed roster')
  if (origin !== key.name || signer !== key.name) return wrong(`it is of the log ${origin}, the key is of ${key.name}`)
  const signature = Buffer.from(signatureText, 'base64')
  // Base64 has more than one spelling of the same bytes: only the usual one is taken.
  if (signature.toString('base64') !== signatureText) return wrong('it has base64 that is not in its usual form')
  if (!signature.subarray(0, 4).equals(key.id)) return wrong('it is signed by another key')
  if (!verify(null, Buffer.from(text), key.publicKey, signature.subarray(4)))
    return wrong('it has a signature that does not hold')
  const value = parseStrictJson(`${json}\n`)?.value
  const [mode, agents, tools] = ['mode', 'agents', 'tools'].map((name) => member(value, name))
  if (typeof mode !== 'string' || !Array.isArray(agents) || !Array.isArray(tools))
    return wrong('it is signed and holds no roster')
  return { ok: true, origin, size: Number(size), mode, agents, tools }
}

function wrong(problem: string): RosterVerdict {
  return { ok: false, problem }
}
