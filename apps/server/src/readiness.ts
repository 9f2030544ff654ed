import type { Recorder } from '@holdfast/recorder'
import type { ViewsClient } from './views/client.ts'

/** Ready means: the store takes writes, checkpoints are signed, the projection works. */
export function readiness(
  recorder: Recorder,
  views: ViewsClient,
): { readonly ready: boolean; readonly checks: Readonly<Record<string, string>> } {
  const { disk } = recorder.stats()
  const isWritable = disk.freeBytes >= disk.neededBytes
  const lag = recorder.size - views.cursor
  return {
    ready: isWritable && !views.isBroken,
    checks: {
      store: isWritable ? 'writable' : 'disk nearly full: ingest is refused',
      signer: `checkpoint at ${recorder.checkpoint().size} of ${recorder.size}`,
      projection: views.isBroken ? 'stopped' : `${lag} entries behind`,
    },
  }
}
