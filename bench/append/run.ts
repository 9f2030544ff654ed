import { hash, randomBytes } from 'node:crypto'
import { closeSync, fdatasyncSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { constants, zstdCompressSync } from 'node:zlib'
import { agentIdOf, type EntryGroup, parseUnixNano, type UnixNano } from '@holdfast/model'
import { Recorder } from '@holdfast/recorder'

/**
 * Cost of an append, paired round by round with the plain program that any durable, hashed log must at least be: one
 * SHA-256 for each body, zstd over the batch, write, fdatasync. HTTP and decoding are in bench/ingest.
 * Usage: append/run.ts [rounds] [folder]; the folder must be on the disk that is to be measured.
 */
const ROUNDS = Number(process.argv[2] ?? 5)
const PARENT = process.argv[3] ?? import.meta.dirname
const BATCH = 512
const BATCHES = 40
/** Distinct index terms of a batch: traces, conversations, tools. */
const TERMS = 70

const WORDS =
  'the agent calls search with a query about invoice refund customer policy account balance shipping order status'.split(
    ' ',
  )

type Batch = { readonly bytes: Buffer; readonly starts: Uint32Array; readonly ends: Uint32Array }
type Cost = { readonly wallUs: number; readonly cpuUs: number; readonly bytes: number }

const ratios: number[] = []
for (let round = 0; round < ROUNDS; round++) {
  const batches = Array.from({ length: BATCHES }, makeBatch)
  const rawBytes = batches.reduce((sum, { bytes }) => sum + bytes.length, 0) / BATCH / BATCHES
  // The two take turns at going first: whatever else the machine does hits both alike.
  const limitFirst = round % 2 === 0 ? limitProgram(batches) : undefined
  const recorder = await recorderProgram(batches, round)
  const limit = limitFirst ?? limitProgram(batches)
  ratios.push(limit.cpuUs / recorder.cpuUs)
  print(`round ${round}: raw ${rawBytes.toFixed(0)} B an entry`)
  print(`  limit     ${line(limit)}`)
  print(`  recorder  ${line(recorder)}  rate ${(limit.wallUs / recorder.wallUs).toFixed(2)} of the limit`)
}
print(
  `median ratio of CPU time, limit program to recorder: ${(ratios.toSorted((a, b) => a - b)[ratios.length >> 1] ?? 0).toFixed(2)}`,
)

function limitProgram(batches: readonly Batch[]): Cost {
  const folder = mkdtempSync(join(PARENT, '.limit-'))
  const file = openSync(join(folder, 'log'), 'w')
  const stop = start()
  let bytes = 0
  for (const batch of batches) {
    const leaves = Buffer.alloc(BATCH * 32)
    for (let i = 0; i < BATCH; i++) {
      const digest = hash('sha256', batch.bytes.subarray(batch.starts[i], batch.ends[i]), 'binary')
      leaves.write(digest, i * 32, 'latin1')
    }
    const packed = zstdCompressSync(batch.bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } })
    bytes += writeSync(file, leaves) + writeSync(file, packed)
    fdatasyncSync(file)
  }
  const cost = stop(bytes)
  closeSync(file)
  rmSync(folder, { recursive: true })
  return cost
}

async function recorderProgram(batches: readonly Batch[], round: number): Promise<Cost> {
  const folder = mkdtempSync(join(PARENT, '.recorder-'))
  mkdirSync(folder, { recursive: true })
  const recorder = await Recorder.open({ folder, clock: now })
  const groups = batches.map((batch, i) => groupOf(batch, `${round}/${i}`))
  const stop = start()
  for (const group of groups) await recorder.append([group])
  const cost = stop(0)
  await recorder[Symbol.asyncDispose]()
  const { size } = statSync(join(folder, 'log.db'))
  rmSync(folder, { recursive: true })
  return { ...cost, bytes: size / BATCH / BATCHES }
}

function groupOf(batch: Batch, name: string): EntryGroup {
  return {
    ...batch,
    envelope: {
      channel: 'otlp',
      instance: 'http:4318',
      credential: 'loopback',
      tier: 'self-reported',
      encoding: 'otlp-span-proto',
      clock: 'live',
      agent: agentIdOf({ kind: 'host', host: 'bench', service: 'agent' }),
      agentName: 'agent',
      resource: Buffer.alloc(300, 'r'),
      scope: Buffer.alloc(30, 's'),
      schemaUrl: '',
    },
    terms: Array.from({ length: TERMS }, (_, i) => `trace:${name}/${i}`),
    masks: new Map(),
    claimedFrom: now(),
    claimedTo: now(),
  }
}

/** Bodies of about 1.1 KB: ids that do not compress, and text of a small vocabulary that does. */
function makeBatch(): Batch {
  const spans = Array.from({ length: BATCH }, () => {
    const noise = randomBytes(170)
    const words = Array.from(noise, (byte) => WORDS[byte % WORDS.length]).join(' ')
    return Buffer.concat([noise.subarray(0, 44), Buffer.from(`gen_ai.operation.name chat ${words.slice(0, 1000)}`)])
  })
  const ends = new Uint32Array(BATCH)
  for (let i = 0, at = 0; i < BATCH; i++) ends[i] = at += spans[i]?.length ?? 0
  const starts = Uint32Array.from(ends, (_, i) => (i === 0 ? 0 : (ends[i - 1] ?? 0)))
  return { bytes: Buffer.concat(spans), starts, ends }
}

function start(): (bytes: number) => Cost {
  const cpu = process.cpuUsage()
  const wall = process.hrtime.bigint()
  return (bytes) => {
    const { user, system } = process.cpuUsage(cpu)
    const entries = BATCH * BATCHES
    const wallUs = Number(process.hrtime.bigint() - wall) / 1000 / entries
    return { wallUs, cpuUs: (user + system) / entries, bytes: bytes / entries }
  }
}

function now(): UnixNano {
  const time = parseUnixNano(BigInt(Date.now()) * 1_000_000n)
  if (time === undefined) throw new Error('the clock is before 1970')
  return time
}

function line({ wallUs, cpuUs, bytes }: Cost): string {
  return `${wallUs.toFixed(1)} us, ${cpuUs.toFixed(1)} us of CPU, ${bytes.toFixed(0)} B on disk an entry`
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
