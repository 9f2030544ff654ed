import { readSignedStatement } from './signed-statement.ts'
import { member } from './strict-json.ts'

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
  const signed = readSignedStatement(note, {
    keyText,
    title: 'holdfast attestation v1',
    what: 'it is not the signed statement of a day',
  })
  return signed.ok ? readStatement(signed.value, signed) : signed
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
