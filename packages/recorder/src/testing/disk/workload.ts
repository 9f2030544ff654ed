import { groupOf, steadyClock } from '../groups.ts'
import { randomFrom } from '../random.ts'
import { agentIdOf } from '@holdfast/model'
import { RecorderError } from '../../errors.ts'
import { Recorder } from '../../recorder.ts'

/**
 * A recorder's life that touches every file it has: a new log, appends of all sizes, an erasure, a clean end with its seal,
 * a second start, and an end without warning. Says on standard output what it was promised, in order with its writes:
 * `sent N`, `ack N`, `refused N`, `checkpoint <base64>`, `erased`, `closed`. Arguments: folder, seed.
 */
const [folder = '', seedText = '0'] = process.argv.slice(2)
const random = randomFrom(Number(seedText))
const clock = steadyClock()
/** Batches of one life. Enough to fold the write-ahead log and to fill a tile. */
const BATCHES = 24
/** Appends that share a transaction, as requests of several senders do. */
const AT_ONCE = 3
const ERASED_AGENT = agentIdOf({ kind: 'host', host: 'box', service: 'gone' })
let next = 0

for (const life of ['closed', 'cut off']) {
  const recorder = await open()
  recorder.subscribe(() => say(`checkpoint ${Buffer.from(recorder.checkpoint().note).toString('base64')}`))
  for (let i = 0; i < BATCHES; i += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => send(recorder, next++)))
    if (life === 'closed' && i === BATCHES / 2) await erase(recorder)
  }
  if (life === 'closed') {
    await recorder[Symbol.asyncDispose]()
    say('closed')
  }
}
process.exit(0)

function open(): Promise<Recorder> {
  // Small bounds make segments, tiles and the write-ahead log turn over many times within a short run.
  const limits = {
    segmentEntries: 16,
    checkpointMs: 0,
    walPages: 32,
    dedupeWindow: 4096,
    eraseWaitMs: 0,
    freeDiskFraction: 0,
  }
  return Recorder.open({ folder, clock, limits, origin: 'log.example/disk' })
}

async function send(recorder: Recorder, batch: number): Promise<void> {
  const bodies = Array.from({ length: 1 + (batch % 12) }, (_, i) => `${batch}/${i} ${'text '.repeat(random() * 400)}`)
  say(`sent ${batch}`)
  try {
    await recorder.append([
      groupOf(bodies, { service: `agent${batch % 3}`, terms: [`trace:${batch}`] }),
      groupOf([`gone ${batch}`], { service: 'gone' }),
    ])
    say(`ack ${batch}`)
  } catch (error) {
    if (!(error instanceof RecorderError)) throw error
    say(`refused ${batch}`)
  }
}

async function erase(recorder: Recorder): Promise<void> {
  const scope = { agent: ERASED_AGENT, dataClass: 'content', retention: 'default' }
  try {
    await recorder.eraseKey(scope, { by: 'admin', reason: 'asked for' })
    say(`erased ${next}`)
  } catch (error) {
    if (!(error instanceof RecorderError)) throw error
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
