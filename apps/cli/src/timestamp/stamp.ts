import { X509Certificate } from 'node:crypto'
import {
  Certificate,
  ExtKeyUsage,
  id_eContentType_TSTInfo,
  id_ExtKeyUsage,
  id_sha256,
  PKIStatus,
  SignedData,
  TimeStampResp,
  TSTInfo,
} from 'pkijs'

/** What an authority says: that this digest existed at this time. */
export type Timestamp = {
  readonly time: Date
  /** Lower-case hex of SHA-256. */
  readonly digest: string
  /** Lower-case hex, as the query had it; absent where it had none. */
  readonly nonce?: string
  /** Number of the stamp at its authority, in hex. */
  readonly serial: string
}

export class TimestampError extends Error {
  override readonly name = 'TimestampError'
}

/** Reads the answer of an authority, without believing it. Throws {@link TimestampError} for a refusal and for what is none. */
export function readTimestamp(der: Uint8Array): Timestamp {
  const info = infoOf(signedOf(der))
  const { hashAlgorithm, hashedMessage } = info.messageImprint
  if (hashAlgorithm.algorithmId !== id_sha256)
    throw new TimestampError('the stamp is of another kind of digest than SHA-256')
  return {
    time: info.genTime,
    digest: hex(hashedMessage.valueBlock.valueHexView),
    serial: hex(info.serialNumber.valueBlock.valueHexView),
    ...(info.nonce === undefined ? {} : { nonce: hex(info.nonce.valueBlock.valueHexView) }),
  }
}

/**
 * Checks that the stamp is of the data and signed by a certificate for time-stamping that leads to one of the given ones and
 * was good at the stamp's time. Returns the signer's subject. Throws {@link TimestampError} saying what does not hold.
 */
export async function verifyTimestamp(
  der: Uint8Array,
  { data, trusted }: { readonly data: ArrayBuffer; readonly trusted: readonly X509Certificate[] },
): Promise<string> {
  const signed = signedOf(der)
  const info = infoOf(signed)
  const verdict = await signed
    .verify({
      signer: 0,
      data,
      checkChain: true,
      checkDate: info.genTime,
      extendedMode: true,
      trustedCerts: trusted.map(({ raw }) => Certificate.fromBER(Uint8Array.from(raw).buffer)),
    })
    .catch((fault: unknown) => {
      throw new TimestampError(fault instanceof Error ? fault.message : String(fault), { cause: fault })
    })
  const signer = verdict.signerCertificate
  if (verdict.signatureVerified !== true || signer === null || signer === undefined)
    throw new TimestampError('the signature of the stamp does not hold')
  if (!isForStamps(signer))
    throw new TimestampError('the certificate that signed it is not one for time-stamping alone')
  return new X509Certificate(Buffer.from(signer.toSchema().toBER())).subject
}

/** RFC 3161, 2.3: the one extended key usage, and critical. Else any certificate of the same root could date things. */
function isForStamps({ extensions = [] }: Certificate): boolean {
  const usage = extensions.find(({ extnID }) => extnID === id_ExtKeyUsage)
  return (
    usage?.critical === true &&
    usage.parsedValue instanceof ExtKeyUsage &&
    usage.parsedValue.keyPurposes.length === 1 &&
    usage.parsedValue.keyPurposes[0] === TIME_STAMPING
  )
}

const TIME_STAMPING = '1.3.6.1.5.5.7.3.8'

function signedOf(der: Uint8Array): SignedData {
  const answer = parsed('no answer of a time-stamp authority', () => TimeStampResp.fromBER(Uint8Array.from(der).buffer))
  const { status, failInfo } = answer.status
  if (status !== PKIStatus.granted && status !== PKIStatus.grantedWithMods)
    throw new TimestampError(
      `the authority refused: status ${status}${failInfo === undefined ? '' : ', with a reason'}`,
    )
  const token = answer.timeStampToken
  if (token === undefined) throw new TimestampError('the authority granted it and sent no stamp')
  return parsed('the stamp is no signed data', () => new SignedData({ schema: token.content }))
}

function infoOf({ encapContentInfo }: SignedData): TSTInfo {
  return parsed('the stamp holds no time-stamp information', () => {
    const { eContent, eContentType } = encapContentInfo
    // The library holds data against a stamp only where the content says that it is one.
    if (eContent === undefined || eContentType !== id_eContentType_TSTInfo)
      throw new TimestampError('what is signed is no stamp')
    return TSTInfo.fromBER(eContent.getValue())
  })
}

/** The library throws its own kinds at bytes that are not what they should be. */
function parsed<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw cause instanceof TimestampError ? cause : new TimestampError(what, { cause })
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
