import { setImmediate as nextTurn } from 'node:timers/promises'
import { parseUnixNano } from '@holdfast/model'
import { Recorder } from '../recorder.ts'
import { groupOf } from './groups.ts'

/**
 * A process that appends, moves what it appended to cold storage and brings it back, again and again until it is killed. Says
 * `ready`, and `ack <batch>` once a batch is durable. Arguments: folder, first batch number.
 */
const [folder = '', firstText = '0'] = process.argv.slice(2)

const clock = () => {
  const now = parseUnixNano(BigInt(Date.now()) * 1_000_000n)
  if (now === undefined) throw new Error('the clock is before 1970')
  return now
}
// Small bounds make many files and many steps of each.
const limits = { segmentEntries: 8, checkpointMs: 5, walPages: 64, coldFileBytes: 20_000, coldSliceBytes: 1000 }
const recorder = await Recorder.open({ folder, clock, limits })
let next = Number(firstText)
process.stdout.write('ready\n')
void moveForever()
for (;;) {
  const batch = next++
  await recorder.append([
    groupOf(Array.from({ length: 1 + (batch % 20) }, (_, i) => `${batch}/${i} ${'text '.repeat(batch % 30)}`)),
  ])
  process.stdout.write(`ack ${batch}\n`)
}

async function moveForever(): Promise<void> {
  const why = { by: 'child', reason: 'to be killed' }
  for (let round = 0; ; round++) {
    const { files } = await recorder.cold.cool({ before: clock(), ...why })
    if (files.length > 0) process.stdout.write('moved\n')
    await nextTurn()
    // Some rounds leave what is cold, so that both find something to do.
    if (round % 3 !== 0) await recorder.cold.restore(why)
  }
}
