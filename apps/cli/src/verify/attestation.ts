import { verify } from 'node:crypto'
import { parseVerifierKey } from './signed-note.ts'
import { member, parseStrictJson } from './strict-json.ts'

/** The statement of a day whose signature holds, or what is wrong with it. */
export type AttestationVerdict =
  | {
      readonly ok: true
      readonly origin: string
      /** Entries of the log when it was signed. */
      readonly size: number
      readonly day: string
      readonly whole: number
      readonly withGaps: number
      readonly silent: number
      /** Times in which the server did not run. */
      readonly away: number
      readonly checkpoint: { readonly size: number; readonly rootHash: string }
      readonly streams: readonly unknown[]
    }
  | { readonly ok: false; readonly problem: string }

/** Checks the statement of a day against the C2SP verifier key of the log that signed it. Untrusted. */
export function verifyAttestation(note: string, keyText: string): AttestationVerdict {
  const key = parseVerifierKey(keyText)
  if (key === undefined) return wrong('the key is not a verifier key, or its id is not its own')
  const parts =
    /^(holdfast attestation v1\n([^\n]+)\n([0-9]{1,16})\n([^\n]+)\n)\n— (\S+) ([A-Za-z0-9+/]+={0,2})\n$/.exec(note)
  const [, text, origin, size, json, signer, signatureText] = parts ?? []
  if (text === undefined || origin === undefined || json === undefined || signatureText === undefined)
    return wrong('it is not the signed statement of a day')
  if (origin !== key.name || signer !== key.name) return wrong(`it is of the log ${origin}, the key is of ${key.name}`)
  const signature = Buffer.from(signatureText, 'base64')
  // Base64 has more than one spelling of the same bytes: only the usual one is taken.
  if (signature.toString('base64') !== signatureText) return wrong('it has base64 that is not in its usual form')
  if (!signature.subarray(0, 4).equals(key.id)) return wrong('it is signed by another key')
  if (!verify(null, Buffer.from(text), key.publicKey, signature.subarray(4)))
    return wrong('it has a signature that does not hold')
  return readStatement(parseStrictJson(`${json}\n`)?.value, { origin, size: Number(size) })
}

function readStatement(value: unknown, log: { readonly origin: string; readonly size: number }): AttestationVerdict {
  const [day, streams, away, checkpoint] = ['day', 'streams', 'away', 'checkpoint'].map((name) => member(value, name))
  const [size, rootHash] = [member(checkpoint, 'size'), member(checkpoint, 'rootHash')]
  if (typeof day !== 'string' || !Array.isArray(streams) || !Array.isArray(away))
    return wrong('it is signed and holds no statement of a day')
  if (typeof size !== 'number' || typeof rootHash !== 'string' || size > log.size)
    return wrong('it is signed and names no tree head that the log had then')
  if (member(value, 'isProvisional') !== false) return wrong('it is signed and says that its day was not over')
  const inState = (state: string): number => streams.filter((stream) => member(stream, 'state') === state).length
  return {
    ok: true,
    ...log,
    day,
    whole: inState('whole'),
    withGaps: inState('gaps'),
    silent: inState('silent'),
    away: away.length,
    checkpoint: { size, rootHash },
    streams,
  }
}

function wrong(problem: string): AttestationVerdict {
  return { ok: false, problem }
}
