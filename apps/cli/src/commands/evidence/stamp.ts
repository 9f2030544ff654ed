import { createHash, X509Certificate } from 'node:crypto'
import { createReadStream, readFileSync, statSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { STAMP_BYTES, STAMPED_BYTES } from '../../limits.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printDocument } from '../../render/output.ts'
import { timestampQuery } from '../../timestamp/query.ts'
import { readTimestamp, TimestampError, verifyTimestamp, type Timestamp } from '../../timestamp/stamp.ts'
import { refuseToReplace } from '../write-whole.ts'
import type { EvidenceStampFlags } from './command.ts'

/**
 * With an authority: has it say when the file existed, and keeps its answer beside the file. With certificates: checks that
 * answer. Only a digest leaves this machine, and only to the address that was given.
 */
export async function evidenceStamp(this: CliContext, flags: EvidenceStampFlags, path: string): Promise<void> {
  const { authority, ca, force } = flags
  if (authority === undefined && ca === undefined) {
    throw new CliError('usage', 'say who stamps it with --authority, or whom you trust with --ca')
  }
  const format = formatOf(flags, 'table')
  const file = resolve(this.cwd, path)
  const stamp = `${file}.tsr`
  const digest = await digestOf(file)
  if (authority !== undefined) {
    refuseToReplace(stamp, force)
    writeFileSync(stamp, await answerTo(digest, authority, this.signal), { mode: 0o600 })
  }
  const { time, serial } = checked(stamp, digest)
  const signer = ca === undefined ? undefined : await signerOf(file, stamp, resolve(this.cwd, ca))
  const found = { path: file, stamp, sha256: digest, time: time.toISOString(), serial, ...(signer ? { signer } : {}) }
  if (format !== 'table') printDocument(this, format, found)
  else {
    const paint = paintOf(this)
    const standing =
      signer === undefined
        ? `${paint.warn('NOT CHECKED')}  whose word that is: --ca FILE, or openssl ts -verify -data FILE -in FILE.tsr -CAfile CA`
        : `${paint.good('STAMPED')}  by ${inert(signer.replaceAll('\n', ', '))}`
    this.stdout.write(`${standing}\n${inert(file)} existed at ${found.time}\nsha256 ${digest}\n`)
  }
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash).catch((cause: unknown) => {
    throw new CliError('not-found', `cannot read ${inert(file)}`, { cause })
  })
  return hash.digest('hex')
}

/** The authority's answer to a new query, which must be about the digest and about this query. */
async function answerTo(digest: string, authority: URL, interrupted: AbortSignal): Promise<Uint8Array> {
  const query = timestampQuery(digest)
  const unreachable = (cause: unknown): never => {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new CliError('unavailable', `no stamp from ${authority.host}: ${inert(why)}`, { cause })
  }
  const response = await fetch(authority, {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
    body: query.bytes,
    // Elsewhere is somebody else than the operator named.
    redirect: 'error',
    signal: AbortSignal.any([interrupted, AbortSignal.timeout(AUTHORITY_MS)]),
  }).catch(unreachable)
  if (!response.ok) throw new CliError('unavailable', `${authority.host} answered ${response.status}`)
  const answer = await bodyOf(response).catch(unreachable)
  const { nonce } = understood(() => readTimestamp(answer))
  if (nonce !== query.nonce) throw new CliError('check-failed', `${authority.host} answered another query than ours`)
  return answer
}

const AUTHORITY_MS = 60_000

async function bodyOf({ body }: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of body ?? []) {
    bytes += part.length
    if (bytes > STAMP_BYTES) throw new Error(`the answer is larger than ${STAMP_BYTES} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** The kept stamp, where it is of the file as it is now. */
function checked(stamp: string, digest: string): Timestamp {
  const timestamp = understood(() => readTimestamp(readStamp(stamp)))
  if (timestamp.digest !== digest)
    throw new CliError(
      'check-failed',
      `the stamp is of other bytes: sha256 ${timestamp.digest}, the file has ${digest}`,
    )
  return timestamp
}

async function signerOf(file: string, stamp: string, ca: string): Promise<string> {
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
  const size = statSync(path, { throwIfNoEntry: false })?.size
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

function understood<T>(read: () => T): T {
  try {
    return read()
  } catch (fault) {
    if (fault instanceof TimestampError) throw new CliError('check-failed', inert(fault.message), { cause: fault })
    throw fault
  }
}
