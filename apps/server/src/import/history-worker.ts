import { parentPort, workerData } from 'node:worker_threads'
import { importHistory } from '@holdfast/capture'
import type { HistoryPiece } from './history-lines.ts'
import type { FromHistoryWorker, HistoryWork } from './history-reader.ts'
import { slicesOf } from './import-slices.ts'

/** Reads the pieces of one history, one at a time, away from the thread that records. */
function main(port: NonNullable<typeof parentPort>, work: HistoryWork): void {
  port.on('message', ({ bytes, firstLine }: HistoryPiece) => {
    const { groups, format, read, rejected, rejectedTotal } = importHistory({ ...work, bytes, firstLine })
    const slices = [...slicesOf(groups)]
    const moved = slices.flatMap((slice) => slice.map((group) => group.bytes.buffer as ArrayBuffer)) // made by slicesOf, shared with nobody
    const formats = format.split('+').filter((name) => name !== 'history' && name !== 'unknown')
    port.postMessage({ slices, formats, runs: read, rejected, rejectedTotal } satisfies FromHistoryWorker, moved)
  })
}

if (parentPort !== null) main(parentPort, workerData as HistoryWork) // given by HistoryReader, the only maker of this worker
