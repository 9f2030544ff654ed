import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { agentIdOf, type EntryGroup, type UnixNano } from '@holdfast/model'
import { Recorder } from '@holdfast/recorder'

/**
 * What sealing takes on a log of so many entries: everything that came in until now is made durable, hashed into the tree, and
 * signed over. Before each seal a few more entries come in, as they do in an incident. Each line of output is one JSON document.
 */
const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '1000000' },
    seals: { type: 'string', default: '50' },
    dir: { type: 'string', default: import.meta.dirname },
  },
})
const entries = Number(values.entries)
const seals = Number(values.seals)
const BATCH = 5_000

const folder = mkdtempSync(join(values.dir, '.seal-'))
try {
  await using recorder = await Recorder.open({ folder, clock: () => (BigInt(Date.now()) * 1_000_000n) as UnixNano })
  const began = performance.now()
  for (let at = 0; at < entries; at += BATCH) await recorder.append([groupOf(Math.min(BATCH, entries - at), at)])
  const filledMs = Math.round(performance.now() - began)
  const took: number[] = []
  for (let seal = 0; seal < seals; seal++) {
    await recorder.append([groupOf(20, entries + seal * 20)])
    const from = performance.now()
    const { size } = await recorder.signCheckpoint()
    took.push(performance.now() - from)
    if (size < entries) throw new Error(`the seal covers ${size} of ${entries}`)
  }
  const sorted = took.toSorted((a, b) => a - b)
  const at = (share: number): number => Number((sorted[Math.floor(share * sorted.length)] ?? 0).toFixed(2))
  process.stdout.write(
    `${JSON.stringify({
      bench: 'seal',
      node: process.version,
      cores: availableParallelism(),
      load: loadavg()[0],
      entries,
      filledMs,
      seals,
      sealMs: { p50: at(0.5), p99: at(0.99), most: Number((sorted.at(-1) ?? 0).toFixed(2)) },
    })}\n`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Entries of one envelope, 300 bytes each, no two alike. */
function groupOf(count: number, from: number): EntryGroup {
  const bodies = Array.from({ length: count }, (_, at) => `{"number":${from + at},"text":"${'refund '.repeat(40)}"}`)
  const starts = new Uint32Array(count)
  const ends = new Uint32Array(count)
  let end = 0
  for (const [at, body] of bodies.entries()) {
    starts[at] = end
    end += body.length
    ends[at] = end
  }
  return {
    envelope: {
      channel: 'otlp',
      instance: 'http:4318',
      credential: 'loopback',
      tier: 'self-reported',
      encoding: 'otlp-span-json',
      clock: 'live',
      agent: agentIdOf({ kind: 'host', host: 'bench', service: 'seal' }),
      agentName: 'seal',
      resource: new Uint8Array(0),
      scope: new Uint8Array(0),
      schemaUrl: '',
    },
    bytes: Buffer.from(bodies.join('')),
    starts,
    ends,
    terms: ['conversation:seal'],
    masks: new Map(),
    claimedFrom: 1_790_000_000_000_000_000n as UnixNano, // a fixed instant
    claimedTo: 1_790_000_000_000_000_000n as UnixNano,
  }
}
