import { randomBytes } from 'node:crypto'
import { Integer, Null, OctetString } from 'asn1js'
import { AlgorithmIdentifier, id_sha256, MessageImprint, TimeStampReq } from 'pkijs'

/** What a time-stamp authority is asked (RFC 3161): a digest and a number of ours, nothing of what was digested. */
export type TimestampQuery = {
  /** DER, sent as `application/timestamp-query`. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Lower-case hex; the answer must hold it, so that no older answer passes for it. */
  readonly nonce: string
}

/** A query about a SHA-256 digest in hex. The authority is asked to send its certificate along. */
export function timestampQuery(sha256: string): TimestampQuery {
  // Positive without a leading zero byte: both sides then write the same number alike.
  const nonce = randomBytes(16)
  nonce[0] = ((nonce[0] ?? 0) & 0x7f) | 0x40
  const request = new TimeStampReq({
    version: 1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithmId: id_sha256, algorithmParams: new Null() }),
      hashedMessage: new OctetString({ valueHex: bufferOf(Buffer.from(sha256, 'hex')) }),
    }),
    nonce: new Integer({ valueHex: bufferOf(nonce) }),
    certReq: true,
  })
  return { bytes: new Uint8Array(request.toSchema().toBER()), nonce: nonce.toString('hex') }
}

/** The library takes whole buffers. */
function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer
}
