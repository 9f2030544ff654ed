import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { STAMP_BYTES } from '../../limits.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printDocument } from '../../render/output.ts'
import { timestampQuery } from '../../timestamp/query.ts'
import { readTimestamp } from '../../timestamp/stamp.ts'
import { refuseToReplace } from '../write-whole.ts'
import type { EvidenceStampFlags } from './command.ts'
import { digestOf, keptStamp, signerOf, stampBeside, understood } from './kept-stamp.ts'

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
  const stamp = stampBeside(file)
  const digest = await digestOf(file)
  if (authority !== undefined) {
    refuseToReplace(stamp, force)
    writeFileSync(stamp, await answerTo(digest, authority, this.signal), { mode: 0o600 })
  }
  const { time, serial } = keptStamp(stamp, digest)
  const signer = ca === undefined ? undefined : await signerOf(file, { stamp, ca: resolve(this.cwd, ca) })
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
