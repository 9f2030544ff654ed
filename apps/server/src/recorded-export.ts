import { randomUUID } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { ControlRecordOf } from '@holdfast/model'
import type { BundleSummary, Recorder } from '@holdfast/recorder'

type OperatorAction = ControlRecordOf<'operator-action'> & { readonly actionId: string }

/** What is on record before the bundle is made. */
export type IntendedExport = { readonly record: OperatorAction; readonly entry: number }

/**
 * Has a bundle made and opens it for reading. That it goes out is in the log before it exists, and how that ended after (FC3); it
 * has no name in the file system any more when this resolves. Rejects as `make` does.
 */
export async function recordedExport(
  { recorder, folder }: { readonly recorder: Pick<Recorder, 'appendControl'>; readonly folder: string },
  { action, by, target, detail: asked }: Pick<OperatorAction, 'action' | 'by' | 'target' | 'detail'>,
  make: (out: string, intended: IntendedExport) => Promise<BundleSummary>,
): Promise<{ readonly bytes: number; readonly content: Readable }> {
  const known = { kind: 'operator-action', action, actionId: randomUUID(), by, target } as const
  const record: OperatorAction = { ...known, detail: asked, outcome: 'intended' }
  const { from: entry } = await recorder.appendControl(record)
  const scratch = scratchOf(folder)
  await mkdir(scratch, { recursive: true, mode: 0o700 })
  const out = join(scratch, `${randomUUID()}.zip`)
  try {
    const summary = await make(out, { record, entry })
    await recorder.appendControl({ ...known, detail: `sha256 ${summary.sha256}`, outcome: 'done' })
    const file = await open(out)
    return { bytes: summary.bytes, content: file.createReadStream() }
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'unknown fault'
    await recorder.appendControl({ ...known, detail: detail.slice(0, 500), outcome: 'failed' })
    throw error
  } finally {
    // The name goes at once; the open file lasts as long as it is read. Decrypted content must not stay behind.
    await rm(out, { force: true })
  }
}

/** Bundles that a killed server left behind hold decrypted content, which no erasure would reach. */
export async function removeLeftExports(folder: string): Promise<void> {
  await rm(scratchOf(folder), { recursive: true, force: true })
}

function scratchOf(folder: string): string {
  return join(folder, 'exports')
}
