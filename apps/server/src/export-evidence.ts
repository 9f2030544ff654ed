import type { Readable } from 'node:stream'
import type { LogReader, Recorder } from '@holdfast/recorder'
import { bundleAdditions } from './reports/bundle-files.ts'
import type { Reports } from './reports/reports.ts'
import type { ViewsClient } from './views/client.ts'
import type { Exported, HiddenFields } from './views/messages.ts'
import { recordedExport } from './recorded-export.ts'
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
  const fields = of.redact === undefined ? '' : `, hidden: ${of.redact.join(', ')}`
  const detail = `${exportable.entries.length} entries${fields}`
  const exported = await recordedExport(
    { recorder, folder },
    { action: 'export-evidence', by, target, detail },
    async (out, { record, entry }) => {
      const isIncident = of.kind === 'incident'
      const made = isIncident ? await reports.make(target, by) : undefined
      const lenses = isIncident ? await reports.lensesOrWhyNot(target, by) : undefined
      // The worker may not have folded the export's own record yet: it is the last line of custody in any case.
      const own = { entry, recordedAt: String(reader.entry(entry)?.recordedAt ?? 0n), record }
      const added = made === undefined || lenses === undefined ? undefined : bundleAdditions(made, { own, lenses })
      return await recorder.exportBundle({
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
        ...(hidden === undefined
          ? {}
          : { redaction: { actionId: record.actionId, by, target, hidden: hidden.ranges } }),
        ...(added === undefined ? {} : { seals: added.seals }),
        out,
      })
    },
  )
  return { name: `holdfast-${fileName(exportable.name)}.zip`, ...exported }
}

/** Reports and exchange formats quote texts: where something is hidden, custody alone goes along, which quotes records. */
function mayGo(name: string, hidden: HiddenFields | undefined): boolean {
  return hidden === undefined || name === 'custody.json'
}

function fileName(conversation: string): string {
  return conversation.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 80)
}
