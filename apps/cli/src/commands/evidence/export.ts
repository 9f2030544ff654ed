import { ours } from '../../called-as.ts'
import { resolve } from 'node:path'
import { shellWord } from '@holdfast/model'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printDocument, say } from '../../render/output.ts'
import { openApi } from '../../server/api.ts'
import { resolveExecution } from '../../server/resolve-id.ts'
import { fileName, refuseToReplace, writeWhole } from '../write-whole.ts'
import type { EvidenceExportFlags } from './command.ts'

/** What `evidence export --json` prints. */
export type ExportSummary = {
  readonly path: string
  /** What it is about: one of the two. */
  readonly conversation?: string
  readonly incident?: string
  readonly bytes: number
  readonly sha256: string
  /** Fields whose values are hidden, where any are. */
  readonly hidden?: readonly string[]
}

/** Fetches the bundle of one conversation or incident into a file, whole or not at all. */
export async function evidenceExport(this: CliContext, flags: EvidenceExportFlags, id: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const about = await resolveExecution(api, id)
  const path = resolve(this.cwd, flags.out ?? `evidence-${fileName(about.id)}.zip`)
  refuseToReplace(path, flags.force)
  const hidden = flags.redact ?? []
  const query = hidden.length === 0 ? {} : { redact: hidden.join(',') }
  const response =
    about.kind === 'incident'
      ? await api.fetch('exportIncident', { params: { incident: about.id }, query })
      : await api.fetch('exportEvidence', { params: { conversation: about.id }, query })
  if (response.body === null) throw new CliError('fault', 'the server sent a bundle without a body')
  const written = await writeWhole(response.body, path)
  const summary: ExportSummary = {
    path,
    [about.kind]: about.id,
    ...written,
    ...(hidden.length === 0 ? {} : { hidden }),
  }
  if (format === 'table') this.stdout.write(`${path}\n${summary.bytes} bytes, sha256 ${summary.sha256}\n`)
  else printDocument(this, format, summary)
  if (format === 'table' && hidden.length > 0)
    say(this, `hidden: ${inert(hidden.join(', '))}; other fields may hold the same text: read it before it leaves`)
  if (format === 'table')
    say(this, ours`check it anywhere, without a server: holdfast evidence verify ${shellWord(path)}`)
}
