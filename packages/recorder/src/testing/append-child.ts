import { parseUnixNano } from '@holdfast/model'
import { Recorder } from '../recorder.ts'
import { groupOf } from './groups.ts'

/**
 * A process that appends until it is killed, and says on standard output what it was promised: `ack <batch>` once a batch
 * is durable, `checkpoint <base64 note>` for checkpoints. Arguments: folder, first batch number, batches to send again.
 */
const [folder = '', firstText = '0', againText = ''] = process.argv.slice(2)
/** Appends in flight at once: several share a transaction, as requests of several senders do. */
const IN_FLIGHT = 8

const clock = () => {
  const now = parseUnixNano(BigInt(Date.now()) * 1_000_000n)
  if (now === undefined) throw new Error('the clock is before 1970')
  return now
}
// Small bounds make segments, tiles and write-ahead log turn over many times within one run.
const limits = { segmentEntries: 16, checkpointMs: 5, walPages: 64 }
const recorder = await Recorder.open({ folder, clock, limits })
let next = Number(firstText)
const again = againText === '' ? [] : againText.split(',').map(Number)
process.stdout.write('ready\n')

recorder.subscribe(() => {
  process.stdout.write(`checkpoint ${Buffer.from(recorder.checkpoint().note).toString('base64')}\n`)
})
await Promise.all(Array.from({ length: IN_FLIGHT }, sendForever))

async function sendForever(): Promise<void> {
  for (;;) {
    const batch = again.shift() ?? next++
    process.stdout.write(`sent ${batch}\n`)
    await recorder.append([groupOf(bodiesOf(batch), { service: `agent${batch % 3}`, terms: [`trace:${batch}`] })])
    process.stdout.write(`ack ${batch}\n`)
  }
}

function bodiesOf(batch: number): string[] {
  return Array.from({ length: 1 + (batch % 40) }, (_, i) => `${batch}/${i} ${'text '.repeat(batch % 50)}`)
}
