import { parentPort, workerData } from 'node:worker_threads'
import { openViews } from './open-views.ts'

/**
 * Derives the first pages of large conversations, one after the other, and hands them over. A thread of its own, because
 * deriving one takes seconds and whoever asks meanwhile must not wait for it. It writes nothing.
 */
if (parentPort !== null) {
  const { folder, names } = workerData as { readonly folder: string; readonly names: readonly string[] } // given by Warmer
  using open = openViews(folder)
  for (const name of names) for (const page of open.views.firstPages(name)) parentPort.postMessage(page)
}
