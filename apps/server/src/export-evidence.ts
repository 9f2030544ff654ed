import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Recorder } from '@holdfast/recorder'
import type { ViewsClient } from './views/client.ts'

export type ExportRequest = {
  readonly recorder: Recorder
  readonly views: ViewsClient
  readonly by: string
  readonly folder: string
  readonly conversation: string
}

/** The evidence bundle of a conversation. Who exports what is in the log before the bundle exists (FC3). */
export async function exportConversation({
  recorder,
  views,
  by,
  folder,
  conversation,
}: ExportRequest): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const exportable = await views.exportable(conversation)
  const action = { kind: 'operator-action', action: 'export-evidence', by, target: exportable.conversation } as const
  await recorder.appendControl({ ...action, detail: `${exportable.entries.length} entries`, outcome: 'intended' })
  const scratch = join(folder, 'exports')
  await mkdir(scratch, { recursive: true, mode: 0o700 })
  const out = join(scratch, `${randomUUID()}.zip`)
  try {
    const summary = await recorder.exportBundle({
      entries: exportable.entries,
      about: {
        kind: 'conversation',
        conversation: exportable.conversation,
        entries: exportable.entries.length,
        entriesLeftOut: exportable.cut,
        exportedBy: by,
      },
      files: new Map([
        ['graph.json', Buffer.from(exportable.graph)],
        ['evidence.json', Buffer.from(exportable.evidence)],
        ['events.json', Buffer.from(exportable.events)],
      ]),
      out,
    })
    await recorder.appendControl({ ...action, detail: `sha256 ${summary.sha256}`, outcome: 'done' })
    return { name: `holdfast-${fileName(exportable.conversation)}.zip`, bytes: await readFile(out) }
  } finally {
    await rm(out, { force: true })
  }
}

function fileName(conversation: string): string {
  return conversation.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 80)
}
