import { parentPort, workerData } from 'node:worker_threads'
import { loadPacked } from '../loading/load-packed.ts'
import type { FromWorker, ViewsData } from './messages.ts'

if (parentPort !== null) {
  const port = parentPort
  const { runViews } = await loadPacked('views', () => import('./run-views.ts'))
  runViews(port, workerData as ViewsData).catch((error: unknown) => {
    // given by ViewsClient.start, the only maker of this worker
    port.postMessage({
      kind: 'broken',
      message: error instanceof Error ? (error.stack ?? error.message) : 'unknown fault',
    } satisfies FromWorker)
    port.close()
  })
}
