import { resolve } from 'node:path'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { say } from '../../render/output.ts'
import { type Api, openApi } from '../../server/api.ts'
import { resolveIncident } from '../../server/resolve-id.ts'
import { refuseToReplace, writeWhole } from '../write-whole.ts'
import type { DocumentFlags, DocumentForm } from './document-command.ts'
import { printPdf } from './print-pdf.ts'

/** Prints the report of an incident, or writes it to a file, whole or not at all. */
export async function incidentsDocument(this: CliContext, flags: DocumentFlags, id: string): Promise<void> {
  const form = flags.json ? 'json' : (flags.as ?? 'markdown')
  if (flags.json && flags.as !== undefined && flags.as !== 'json')
    throw new CliError('usage', '--json is the form json: leave one of --json and --as away')
  const path = flags.out === undefined ? undefined : resolve(this.cwd, flags.out)
  if (path === undefined && form === 'pdf') throw new CliError('usage', 'a PDF is written to a file: add --out PATH')
  if (path !== undefined) refuseToReplace(path, flags.force)
  const api = openApi(this, flags)
  const response = await fetchForm(api, form, await resolveIncident(api, id))
  if (path === undefined) {
    this.stdout.write(await response.text())
    return
  }
  if (form === 'pdf') await printPdf({ html: await response.text(), path, env: this.env })
  else {
    if (response.body === null) throw new CliError('fault', 'the server sent a report without a body')
    await writeWhole(response.body, path)
  }
  say(this, `wrote ${inert(path)}`)
}

function fetchForm(api: Api, form: DocumentForm, incident: string): Promise<Response> {
  const params = { incident }
  switch (form) {
    case 'json':
      return api.fetch('getReportJson', { params })
    case 'markdown':
      return api.fetch('getReportMarkdown', { params })
    // The browser prints the page that people read.
    case 'html':
    case 'pdf':
      return api.fetch('getReportHtml', { params })
  }
}
