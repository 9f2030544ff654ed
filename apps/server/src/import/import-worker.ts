import { parentPort, workerData } from 'node:worker_threads'
import { importRuns } from '@holdfast/capture'
import type { EntryGroup } from '@holdfast/model'
import { IMPORT_AGENTS_SHOWN, IMPORT_REJECTIONS_SHOWN } from '../limits.ts'
import type { FromImportWorker, ImportWork } from './import-reader.ts'
import { slicesOf } from './import-slices.ts'

/** Reads one file away from the thread that records, and hands its entries over slice by slice as it is asked. */
function main(port: NonNullable<typeof parentPort>, { file, bytes, credential, declared }: ImportWork): void {
  const say = (message: FromImportWorker, moved: ArrayBuffer[] = []): void => port.postMessage(message, moved)
  const { buffer } = bytes
  // Decoders take no memory that could still change its size.
  const whole = buffer.resizable ? new Uint8Array(buffer.transferToFixedLength()) : bytes
  const read = importRuns({ file, bytes: whole, credential, ...(declared === undefined ? {} : { declared }) })
  const slices = slicesOf(read.groups)
  port.on('message', () => {
    const { value, done } = slices.next()
    if (done === true) return port.close()
    say({ kind: 'slice', groups: value }, value.map(movedOf))
  })
  say({
    kind: 'read',
    format: read.format,
    clock: read.clock,
    runs: read.read,
    rejectedTotal: read.rejectedTotal,
    rejected: read.rejected.slice(0, IMPORT_REJECTIONS_SHOWN),
    agents: [...new Set(read.groups.map(({ envelope }) => envelope.agent))].slice(0, IMPORT_AGENTS_SHOWN),
  })
}

function movedOf({ bytes }: EntryGroup): ArrayBuffer {
  return bytes.buffer as ArrayBuffer // slicesOf makes it, and shares it with nobody
}

if (parentPort !== null) main(parentPort, workerData as ImportWork) // given by ImportReader.start, the only maker of this worker
