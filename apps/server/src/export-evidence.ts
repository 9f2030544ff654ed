import { randomUUID } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { LogReader, Recorder } from '@holdfast/recorder'
import { bundleAdditions } from './reports/bundle-files.ts'
import type { Reports } from './reports/reports.ts'
import type { ViewsClient } from './views/client.ts'
import type { Exported, HiddenFields } from './views/messages.ts'
import { assertRedactable } from './redact-fields.ts'

export type ExportRequest = {
  readonly recorder: Recorder
  readonly views: ViewsClient
  readonly reader: Pick<LogReader, 'entry'>
  readonly reports: Pick<Reports, 'make' | 'lensesOrWhyNot'>
  readonly by: string
  readonly folder: string
  readonly of: Exported
}

/**
 * The evidence bundle of a conversation or an incident, as a stream: a bundle may be larger than the memory of the server. Who exports
 * what is in the log before the bundle exists, and how it ended after (FC3).
 */
export async function exportEvidence({
  recorder,
  views,
  reader,
  reports,
  by,
  folder,
  of,
}: ExportRequest): Promise<{ readonly name: string; readonly bytes: number; readonly content: Readable }> {
  const exportable = await views.exportable(of)
  const { hidden } = exportable
  if (hidden !== undefined) assertRedactable(of, hidden)
  const target = exportable.name
  const actionId = randomUUID()
  const action = { kind: 'operator-action', action: 'export-evidence', actionId, by, target } as const
  const fields = of.redact === undefined ? '' : `, hidden: ${of.redact.join(', ')}`
  const intended = { ...action, detail: `${exportable.entries.length} entries${fields}`, outcome: 'intended' } as const
  const { from: entry } = await recorder.appendControl(intended)
  const scratch = scratchOf(folder)
  await mkdir(scratch, { recursive: true, mode: 0o700 })
  const out = join(scratch, `${randomUUID()}.zip`)
  try {
    const isIncident = of.kind === 'incident'
    const made = isIncident ? await reports.make(target, by) : undefined
    const lenses = isIncident ? await reports.lensesOrWhyNot(target, by) : undefined
    // The worker may not have folded the export's own record yet: it is the last line of custody in any case.
    const own = { entry, recordedAt: String(reader.entry(entry)?.recordedAt ?? 0n), record: intended }
    const added = made === undefined || lenses === undefined ? undefined : bundleAdditions(made, { own, lenses })
    const summary = await recorder.exportBundle({
      entries: [...exportable.entries, ...(added?.entries ?? [])],
      about: {
        kind: of.kind,
        ...(of.kind === 'incident'
          ? { incident: exportable.name, conversations: exportable.conversations }
          : { conversation: exportable.name }),
        entries: exportable.entries.length,
        entriesLeftOut: exportable.cut,
        exportedBy: by,
        ...(of.redact === undefined ? {} : { hidden: of.redact }),
      },
      files: new Map([...exportable.files, ...(added?.files ?? []).filter(([name]) => mayGo(name, hidden))]),
      ...(hidden === undefined ? {} : { redaction: { actionId, by, target, hidden: hidden.ranges } }),
      ...(added === undefined ? {} : { seals: added.seals }),
      out,
    })
    await recorder.appendControl({ ...action, detail: `sha256 ${summary.sha256}`, outcome: 'done' })
    const file = await open(out)
    const name = `holdfast-${fileName(exportable.name)}.zip`
    return { name, bytes: summary.bytes, content: file.createReadStream() }
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'unknown fault'
    await recorder.appendControl({ ...action, detail: detail.slice(0, 500), outcome: 'failed' })
    throw error
  } finally {
    // The name goes at once; the open file lasts as long as it is read. Decrypted content must not stay behind.
    await rm(out, { force: true })
  }
}

/** Reports and exchange formats quote texts: where something is hidden, custody alone goes along, which quotes records. */
function mayGo(name: string, hidden: HiddenFields | undefined): boolean {
  return hidden === undefined || name === 'custody.json'
}

/** Bundles that a killed server left behind hold decrypted content, which no erasure would reach. */
export async function removeLeftExports(folder: string): Promise<void> {
  await rm(scratchOf(folder), { recursive: true, force: true })
}

/** Where bundles are made. */
export function scratchOf(folder: string): string {
  return join(folder, 'exports')
}

function fileName(conversation: string): string {
  return conversation.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 80)
}
