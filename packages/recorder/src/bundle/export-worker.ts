import { parentPort, workerData } from 'node:worker_threads'
import type { RedactionRecord } from '@holdfast/model'
import { RecorderError } from '../errors.ts'
import { LogReader } from '../log-reader.ts'
import { exportBundle } from './export.ts'
import type { BundleRequest } from '../types.ts'
import type { ExportAnswer, ExportWork } from './export-in-worker.ts'
import { stateRedaction } from './redaction.ts'

/** Any failure but a RecorderError ends the worker, and is told to its maker by that. */
function answerOf(work: ExportWork): ExportAnswer {
  try {
    using reader = LogReader.open({ folder: work.folder })
    switch (work.kind) {
      case 'write':
        return { status: 'written', summary: exportBundle(work.request, { ...work, reader }) }
      case 'state':
        return { status: 'stated', records: stateRequest(reader, work.request) }
    }
  } catch (error) {
    if (error instanceof RecorderError) return { status: 'failed', code: error.code, message: error.message }
    throw error
  }
}

function stateRequest(reader: LogReader, { entries, redaction }: BundleRequest): RedactionRecord[] {
  const sorted = [...new Set(entries)].toSorted((a, b) => a - b)
  return redaction === undefined ? [] : stateRedaction(reader, { entries: sorted, redaction })
}

parentPort?.postMessage(answerOf(workerData as ExportWork)) // given by exportInWorker, the only maker of this worker
