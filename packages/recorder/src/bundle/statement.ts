import { createHash, sign, type KeyObject } from 'node:crypto'
import { canonicalJson } from '@holdfast/model'

export const PREDICATE_TYPE = 'urn:holdfast:evidence-bundle:v1'
const PAYLOAD_TYPE = 'application/vnd.in-toto+json'

/** An in-toto Statement v1 over the digests of the bundle's files, in a DSSE envelope signed by the log's key. */
export function signStatement(
  parts: { readonly digests: ReadonlyMap<string, string>; readonly predicate: unknown },
  signer: { readonly key: KeyObject; readonly verifierKey: string },
): Buffer {
  const payload = Buffer.from(
    canonicalJson({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [...parts.digests].map(([name, sha256]) => ({ name, digest: { sha256 } })),
      predicateType: PREDICATE_TYPE,
      predicate: parts.predicate,
    }),
  )
  // DSSE's pre-authentication encoding: lengths and all, so that type and payload cannot run into each other.
  const encoded = Buffer.concat([
    Buffer.from(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `),
    payload,
  ])
  const envelope = {
    payloadType: PAYLOAD_TYPE,
    payload: payload.toString('base64'),
    signatures: [
      {
        keyid: createHash('sha256').update(signer.verifierKey).digest('hex'),
        sig: sign(null, encoded, signer.key).toString('base64'),
      },
    ],
  }
  return Buffer.from(`${canonicalJson(envelope)}\n`)
}
