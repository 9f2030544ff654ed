import { ours } from '../../called-as.ts'
import { resolve } from 'node:path'
import { shellWord } from '@holdfast/model'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { formatOf, printDocument, say } from '../../render/output.ts'
import { openApi } from '../../server/api.ts'
import { refuseToReplace, writeWhole } from '../write-whole.ts'
import type { ExportFlags } from './command.ts'
import { aboutOf } from './run.ts'

/** Fetches the pack of one question, or of the whole diagnostic, into a file: whole or not at all. */
export async function diagnoseExport(this: CliContext, flags: ExportFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const { question } = flags
  const path = resolve(this.cwd, flags.out ?? `diagnostic-${(question ?? 'all').toLowerCase()}.zip`)
  refuseToReplace(path, flags.force)
  const query = { ...(await aboutOf(api, flags)), ...(question === undefined ? {} : { question }) }
  const response = await api.fetch('exportDiagnostic', { query })
  if (response.body === null) throw new CliError('fault', 'the server sent a pack without a body')
  const summary = { path, ...(await writeWhole(response.body, path)) }
  if (format !== 'table') return printDocument(this, format, summary)
  this.stdout.write(`${path}\n${summary.bytes} bytes, sha256 ${summary.sha256}\n`)
  say(this, ours`check it anywhere, without a server: holdfast evidence verify ${shellWord(path)}`)
}
