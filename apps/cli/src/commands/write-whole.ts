import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CliError } from '../cli-error.ts'
import { inert } from '../render/inert.ts'
import { statusOf } from '../status-of.ts'

/** Throws where a file is there already that nobody said to replace. An empty file is what `mktemp` made to be written to. */
export function refuseToReplace(path: string, force: boolean): void {
  if ((statusOf(path)?.size ?? 0) > 0 && !force) {
    throw new CliError('conflict', `${inert(path)} exists already`, { remedy: 'name another file, or add --force' })
  }
}

/** Under another name first, so that a file that broke off never bears the name of a whole one. */
export async function writeWhole(body: ReadableStream, path: string): Promise<{ bytes: number; sha256: string }> {
  const partial = `${path}.partial-${process.pid}`
  const hash = createHash('sha256')
  let bytes = 0
  const measure = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      hash.update(chunk)
      bytes += chunk.length
      done(null, chunk)
    },
  })
  try {
    await pipeline(Readable.fromWeb(body), measure, createWriteStream(partial, { mode: 0o600 }))
    await rename(partial, path)
  } catch (fault) {
    await rm(partial, { force: true })
    const why = fault instanceof Error ? fault.message : String(fault)
    throw new CliError('unavailable', `cannot write ${inert(path)}: ${inert(why)}`, { cause: fault })
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** An id is untrusted text: only harmless characters of it name a file. */
export function fileName(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, 64) || 'export'
}
