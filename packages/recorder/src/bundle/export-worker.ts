import { parentPort, workerData } from 'node:worker_threads'
import { RecorderError } from '../errors.ts'
import { LogReader } from '../log-reader.ts'
import { exportBundle } from './export.ts'
import type { ExportAnswer, ExportWork } from './export-in-worker.ts'

/** Any failure but a RecorderError ends the worker, and is told to its maker by that. */
function answerOf({ folder, request, ...parts }: ExportWork): ExportAnswer {
  try {
    using reader = LogReader.open({ folder })
    return { status: 'written', summary: exportBundle(request, { ...parts, reader }) }
  } catch (error) {
    if (error instanceof RecorderError) return { status: 'failed', code: error.code, message: error.message }
    throw error
  }
}

parentPort?.postMessage(answerOf(workerData as ExportWork)) // given by exportInWorker, the only maker of this worker
