import { resolve } from 'node:path'
import type { IncidentType } from '@holdfast/model'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { PLAYBOOK_BYTES } from '../../limits.ts'
import { inert, inertBlock } from '../../render/inert.ts'
import { formatOf, printDocument, say } from '../../render/output.ts'
import { openApi } from '../../server/api.ts'
import { readInput } from '../read-input.ts'
import { refuseToReplace, writeWhole } from '../write-whole.ts'
import type { ExportRunbookFlags, ImportRunbookFlags } from './command.ts'

/** Prints the playbooks of a type, or writes them to a file. */
export async function runbooksExport(this: CliContext, flags: ExportRunbookFlags, type: IncidentType): Promise<void> {
  const path = flags.out === undefined ? undefined : resolve(this.cwd, flags.out)
  if (path !== undefined) refuseToReplace(path, flags.force)
  const { playbooks } = await openApi(this, flags).call('exportRunbook', { params: { type } })
  const format = formatOf(flags, 'json')
  if (path === undefined) return printDocument(this, format === 'yaml' ? 'yaml' : 'json', playbooks)
  await writeWhole(new Blob([`${JSON.stringify(playbooks, null, 2)}\n`]).stream(), path)
  say(this, `wrote ${playbooks.length} playbooks to ${inert(path)}`)
}

/** Reads playbooks into a draft; ends with `check-failed` where they are refused. */
export async function runbooksImport(this: CliContext, flags: ImportRunbookFlags, file: string): Promise<void> {
  const playbooks = await playbooksIn(this, file)
  const draft = await openApi(this, flags).call('importRunbook', { body: { playbooks } })
  const format = formatOf(flags, 'table')
  if (format !== 'table') printDocument(this, format, draft)
  else if (draft.runbook !== undefined) this.stdout.write(inertBlock(draft.runbook))
  else {
    for (const { name, by, says } of draft.steps) this.stdout.write(`${inert(name)} (${inert(by)}): ${inert(says)}\n`)
    for (const problem of draft.problems) this.stdout.write(`refused: ${inert(problem)}\n`)
  }
  if (draft.status === 'refused') this.exit('check-failed')
}

async function playbooksIn(context: CliContext, file: string): Promise<unknown[]> {
  const { name, text } = await readInput(context, file, PLAYBOOK_BYTES)
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : [value]
  } catch (cause) {
    throw new CliError('usage', `${inert(name)} is not JSON`, { cause })
  }
}
