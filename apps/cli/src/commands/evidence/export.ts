import { createHash } from 'node:crypto'
import { createWriteStream, statSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { formatOf, printDocument, say } from '../../render/output.ts'
import { openApi } from '../../server/api.ts'
import { resolveExecution } from '../../server/resolve-id.ts'
import type { EvidenceExportFlags } from './command.ts'

/** What `evidence export --json` prints. */
export type ExportSummary = {
  readonly path: string
  /** What it is about: one of the two. */
  readonly conversation?: string
  readonly incident?: string
  readonly bytes: number
  readonly sha256: string
}

/** Fetches the bundle of one conversation or incident into a file, whole or not at all. */
export async function evidenceExport(this: CliContext, flags: EvidenceExportFlags, id: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const about = await resolveExecution(api, id)
  const path = resolve(this.cwd, flags.out ?? `evidence-${fileName(about.id)}.zip`)
  // An empty file is what `mktemp` made to be written to.
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0 && !flags.force) {
    throw new CliError('conflict', `${path} exists already`, { remedy: 'name another file, or add --force' })
  }
  const response =
    about.kind === 'incident'
      ? await api.fetch('exportIncident', { params: { incident: about.id } })
      : await api.fetch('exportEvidence', { params: { conversation: about.id } })
  if (response.body === null) throw new CliError('fault', 'the server sent a bundle without a body')
  const written = await writeWhole(response.body, path)
  const summary: ExportSummary = { path, [about.kind]: about.id, ...written }
  if (format === 'table') this.stdout.write(`${path}\n${summary.bytes} bytes, sha256 ${summary.sha256}\n`)
  else printDocument(this, format, summary)
  if (format === 'table') say(this, `check it anywhere, without a server: holdfast evidence verify ${path}`)
}

/** Under another name first, so that a bundle that broke off never bears the name of a whole one. */
async function writeWhole(body: ReadableStream, path: string): Promise<{ bytes: number; sha256: string }> {
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
    throw new CliError('unavailable', `cannot write ${path}: ${why}`, { cause: fault })
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** A conversation id is untrusted text: only harmless characters of it name a file. */
function fileName(conversation: string): string {
  return conversation.replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, 64) || 'conversation'
}
