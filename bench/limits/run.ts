import { hash } from 'node:crypto'
import { fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { maskSecrets, scanOtlp } from '@holdfast/capture'
import { makeCorpus, SPANS_PER_REQUEST } from '../ingest/corpus.ts'
import { environment } from '../ingest/environment.ts'
import { spanPass } from './span-pass.ts'

/**
 * Prices of the steps of ingest in units U: one hand-written pass over one span that finds its boundaries and makes no
 * string. Ratios are what to remember; absolute times belong to the machine of the moment.
 */
const { values } = parseArgs({
  options: { scale: { type: 'string', default: '1' }, rounds: { type: 'string', default: '5' } },
})
const seconds = Math.max(0.02, Number(values.scale))
const rounds = Math.max(1, Number(values.rounds))
const { requests, spanBytes } = makeCorpus(4)
const body = requests[0]?.body ?? Buffer.alloc(0)
const ARRIVAL = { instance: 'bench', credential: 'loopback', tier: 'self-reported' } as const
const gzipped = gzipSync(body)
const leaves = Buffer.alloc(SPANS_PER_REQUEST * 77, 1)
const path = join(tmpdir(), `holdfast-limits-${process.pid}`)
const file = openSync(path, 'w')

/** Each step for the 512 spans of one request. */
const STEPS: Readonly<Record<string, () => unknown>> = {
  'one pass, no strings': () => spanPass(body),
  'mask secrets': () => maskSecrets(body, 'traces'),
  'scan with masking': () => scanOtlp({ signal: 'traces', encoding: 'proto', body, arrival: ARRIVAL }),
  'SHA-256 of the batch': () => hash('sha256', body, 'buffer'),
  'one crypto.hash call a leaf': () => {
    for (let i = 0; i < SPANS_PER_REQUEST; i += 1) hash('sha256', leaves.subarray(i * 77, i * 77 + 77), 'buffer')
  },
  zstd: () => zstdCompressSync(body),
  gunzip: () => gunzipSync(gzipped),
  'write and fdatasync': () => {
    writeSync(file, body, 0, body.length, 0)
    fdatasyncSync(file)
  },
}

const results = new Map<string, number[]>()
for (let round = 0; round <= rounds; round += 1) {
  for (const [name, step] of Object.entries(STEPS)) {
    const micros = time(step)
    // The first round is warm-up.
    if (round > 0) results.set(name, [...(results.get(name) ?? []), micros])
  }
}
rmSync(path)
const unit = median(results.get('one pass, no strings') ?? [1])
say({
  benchmark: 'limits',
  ...environment(),
  bytesPerSpan: Math.round(spanBytes),
  unitMicros: Number(unit.toPrecision(3)),
})
for (const [name, micros] of results) {
  say({
    step: name,
    units: Number((median(micros) / unit).toPrecision(3)),
    microsPerSpan: Number(median(micros).toPrecision(3)),
  })
}

/** Microseconds a span. */
function time(step: () => unknown): number {
  const begun = performance.now()
  let runs = 0
  do {
    step()
    runs += 1
  } while (performance.now() - begun < seconds * 200)
  return ((performance.now() - begun) * 1_000) / runs / SPANS_PER_REQUEST
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
}

function say(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
