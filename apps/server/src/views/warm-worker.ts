import { parentPort, workerData } from 'node:worker_threads'
import { openViews } from './open-views.ts'
import type { FromWarmWorker } from './warmer.ts'

/**
 * Derives the first pages of large conversations, one after the other, and hands them over. A thread of its own, because
 * deriving one takes seconds and whoever asks meanwhile must not wait for it. It writes nothing.
 */
if (parentPort !== null) {
  const { folder, names } = workerData as { readonly folder: string; readonly names: readonly string[] } // given by Warmer
  using open = openViews(folder)
  for (const name of names) {
    parentPort.postMessage({ kind: 'begun', name } satisfies FromWarmWorker)
    for (const pages of open.views.firstPages(name))
      parentPort.postMessage({ kind: 'pages', pages } satisfies FromWarmWorker)
  }
}
