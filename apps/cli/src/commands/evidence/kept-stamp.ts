import { createHash, X509Certificate } from 'node:crypto'
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { CliError } from '../../cli-error.ts'
import { STAMP_BYTES, STAMPED_BYTES } from '../../limits.ts'
import { inert } from '../../render/inert.ts'
import { statusOf } from '../../status-of.ts'
import { readTimestamp, type Timestamp, TimestampError, verifyTimestamp } from '../../timestamp/stamp.ts'

/** Where the answer of a time-stamp authority about a file is kept. */
export function stampBeside(file: string): string {
  return `${file}.tsr`
}

/** SHA-256 of a file, in hex. Throws `not-found`. */
export async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash).catch((cause: unknown) => {
    throw new CliError('not-found', `cannot read ${inert(file)}`, { cause })
  })
  return hash.digest('hex')
}

/** What a kept stamp says, where it is of this digest. Throws `check-failed` where it is of another, `not-found` where there is none. */
export function keptStamp(stamp: string, digest: string): Timestamp {
  const timestamp = understood(() => readTimestamp(readStamp(stamp)))
  if (timestamp.digest !== digest)
    throw new CliError(
      'check-failed',
      `the stamp is of other bytes: sha256 ${timestamp.digest}, the file has ${digest}`,
    )
  return timestamp
}

/**
 * Whose word a kept stamp is: the subject of the certificate that signed it, where that leads to one of those in `ca` (PEM). Asks no
 * network. Throws `check-failed` where it does not.
 */
export async function signerOf(
  file: string,
  { stamp, ca }: { readonly stamp: string; readonly ca: string },
): Promise<string> {
  if (statSync(file).size > STAMPED_BYTES) {
    throw new CliError('usage', 'the file is too large to check here', {
      remedy: `openssl ts -verify -data ${inert(file)} -in ${inert(stamp)} -CAfile ${inert(ca)}`,
    })
  }
  const trusted = certificatesOf(ca)
  const data = Uint8Array.from(readFileSync(file)).buffer
  return verifyTimestamp(readStamp(stamp), { data, trusted }).catch((fault: unknown) => {
    if (fault instanceof TimestampError) throw new CliError('check-failed', inert(fault.message), { cause: fault })
    throw fault
  })
}

function readStamp(path: string): Uint8Array {
  const size = statusOf(path)?.size
  if (size === undefined)
    throw new CliError('not-found', `${inert(path)} is not there`, { remedy: 'get a stamp with --authority URL' })
  if (size > STAMP_BYTES) throw new CliError('usage', `${inert(path)} is larger than a stamp`)
  return readFileSync(path)
}

function certificatesOf(path: string): readonly X509Certificate[] {
  try {
    const blocks = readFileSync(path, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
    if (blocks.length === 0) throw new Error('it holds no certificate in PEM')
    return blocks.map((block) => new X509Certificate(block))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new CliError('usage', `cannot read ${inert(path)}: ${inert(why)}`, { cause })
  }
}

/** What is no stamp, or a refusal, is a check that failed. */
export function understood<T>(read: () => T): T {
  try {
    return read()
  } catch (fault) {
    if (fault instanceof TimestampError) throw new CliError('check-failed', inert(fault.message), { cause: fault })
    throw fault
  }
}
