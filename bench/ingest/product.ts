import { hash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseUnixNano } from '@holdfast/model'
import type { UnixNano } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import { startOtlpHttp } from '@holdfast/server/otlp'
import { serve } from './child.ts'
import type { Checked } from './child.ts'

/** The product as it runs: the real listener and the real recorder, on the folder given as the first argument. */
const folder = process.argv[2] ?? ''

function now(): UnixNano {
  const time = parseUnixNano(BigInt(Date.now()) * 1_000_000n)
  if (time === undefined) throw new RangeError('the clock is out of range')
  return time
}

const recorder = await Recorder.open({ folder, clock: now })
const listener = await startOtlpHttp({
  host: '127.0.0.1',
  port: 0,
  sink: {
    append: (groups) => recorder.append(groups),
    policy: () => ({ name: 'bench', senders: 'loopback', content: 'kept', credentials: 'masked' }),
    refused: (refusal) => process.stderr.write(`refused: ${JSON.stringify(refusal)}\n`),
  },
})

/** Every entry sent is there, one is found by its trace, and its proof leads to the root. */
function check(): Checked {
  const { stored, duplicates, rejected, refused } = listener.counts
  using reader = LogReader.open({ folder })
  const size = recorder.size
  const index = Math.floor(size / 2)
  const entry = reader.entry(index)
  const trace = Buffer.from(entry?.body?.subarray(2, 18) ?? []).toString('hex')
  const found = [...reader.withTerm(`trace:${trace}`)].some((candidate) => candidate.index === index)
  const root = rootOf(leafHash(reader.leaves(index, 1)), index, size, recorder.inclusionProof(index, size))
  const problem =
    duplicates + rejected + refused > 0
      ? `${duplicates} duplicates, ${rejected} rejected, ${refused} refused`
      : size < stored
        ? `the log holds ${size} of ${stored} spans`
        : !found
          ? `entry ${index} is not found by its trace ${trace}`
          : root.toString('hex') !== recorder.rootHash()
            ? `the proof of entry ${index} does not lead to the root`
            : ''
  return { ok: problem === '', problem }
}

function leafHash(leaf: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([Buffer.of(0), leaf]), 'buffer')
}

/** RFC 9162, section 2.1.3.2: the root that an inclusion proof leads to. */
function rootOf(leaf: Buffer, index: number, size: number, proof: readonly Buffer[]): Buffer {
  let node = index
  let last = size - 1
  let root = leaf
  for (const sibling of proof) {
    if (node % 2 === 1 || node === last) {
      root = hash('sha256', Buffer.concat([Buffer.of(1), sibling, root]), 'buffer')
      while (node % 2 === 0 && node > 0) {
        node = Math.floor(node / 2)
        last = Math.floor(last / 2)
      }
    } else {
      root = hash('sha256', Buffer.concat([Buffer.of(1), root, sibling]), 'buffer')
    }
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  return root
}

serve({
  port: listener.port,
  spans: () => listener.counts.stored,
  check: () => Promise.resolve(check()),
  end: async () => {
    await listener[Symbol.asyncDispose]()
    await recorder[Symbol.asyncDispose]()
    return { diskBytes: readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0) }
  },
})
