import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeCorpus, SPANS_PER_REQUEST } from './corpus.ts'
import type { Corpus } from './corpus.ts'
import { canPin, environment } from './environment.ts'
import { pinned, Program } from './program.ts'

/** perf/P1: see README.md beside this file for what is measured and how to read it. */
const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    dir: { type: 'string' },
    json: { type: 'string' },
  },
})
const scale = Number(values.scale)
const rounds = Math.max(1, Number(values.rounds))
const seconds = Math.max(0.2, 10 * scale)
const CONCURRENCY = 8
/** Beyond this spread of the limit program the machine was too busy for a result. */
const MAX_LIMIT_SPREAD = 0.2

type Round = {
  readonly product: number
  readonly limit: number
  readonly decode: number
  readonly productAckMs: readonly [number, number]
  readonly limitAckMs: readonly [number, number]
}

const isPinned = canPin()
const core = isPinned ? 0 : undefined
if (isPinned) execFileSync('taskset', ['-cp', '1', String(process.pid)], { stdio: 'ignore' })
const corpus = makeCorpus(Math.max(2, Math.round(32 * Math.min(1, scale))))
say({ benchmark: 'ingest', ...environment(values.dir), pinned: isPinned ? 'programs on core 0, load on core 1' : 'no' })
say({
  corpus: 'GenAI-1K',
  bytesPerSpan: round(corpus.spanBytes),
  zstdRatio: round(corpus.zstdRatio),
  sha256: corpus.digest,
})

const result = await measure(corpus)
const folder = values.json === undefined ? undefined : join(values.json, '..')
if (values.json !== undefined && folder !== undefined) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(values.json, `${JSON.stringify({ environment: environment(values.dir), ...result }, null, 2)}\n`)
}
process.exitCode = result.isVoid ? 1 : 0

async function measure(from: Corpus): Promise<{ readonly isVoid: boolean; readonly rounds: readonly Round[] }> {
  const options = { core, corpus: from, dir: values.dir }
  using product = await Program.start({ ...options, name: 'product' })
  using limit = await Program.start({ ...options, name: 'limit' })
  // Warm-up, discarded: it also shows the rate at which acknowledgements are timed, half of what the slower one does.
  const slowest = Math.min(await wallRate(product), await wallRate(limit))
  const rate = Math.max(1, slowest / SPANS_PER_REQUEST / 2)
  const done: Round[] = []
  for (let i = 0; i < rounds; i += 1) {
    done.push(await oneRound(product, limit, { rate, isSwapped: i % 2 === 1 }))
    say({ round: i + 1, ...describe(done.at(-1)) })
  }
  return await report(product, limit, done)
}

async function wallRate(program: Program): Promise<number> {
  const begun = performance.now()
  await program.load.closed(seconds / 2, CONCURRENCY)
  return program.load.sentSpans / ((performance.now() - begun) / 1_000)
}

/** A B or B A: the order changes from round to round. */
async function oneRound(
  product: Program,
  limit: Program,
  { rate, isSwapped }: { readonly rate: number; readonly isSwapped: boolean },
): Promise<Round> {
  const order = isSwapped ? [limit, product] : [product, limit]
  const spansPerCpuSecond = new Map<Program, number>()
  const ackMs = new Map<Program, readonly [number, number]>()
  for (const program of order) {
    spansPerCpuSecond.set(program, await throughput(program))
    const waits = await program.load.paced(seconds / 2, rate)
    ackMs.set(program, [quantile(waits, 0.5), quantile(waits, 0.99)])
  }
  return {
    product: spansPerCpuSecond.get(product) ?? 0,
    limit: spansPerCpuSecond.get(limit) ?? 0,
    decode: decodeRate(),
    productAckMs: ackMs.get(product) ?? [0, 0],
    limitAckMs: ackMs.get(limit) ?? [0, 0],
  }
}

async function throughput(program: Program): Promise<number> {
  const before = await program.usage()
  const sentBefore = program.load.sentSpans
  await program.load.closed(seconds, CONCURRENCY)
  const after = await program.usage()
  const stored = after.spans - before.spans
  const sent = program.load.sentSpans - sentBefore
  // Right before fast: a round that lost or doubled a span has no time.
  if (stored !== sent) throw new Error(`${program.name}: ${sent} spans sent, ${stored} stored`)
  return stored / (after.cpuSeconds - before.cpuSeconds)
}

function decodeRate(): number {
  const [command, prefix] = pinned(core)
  const script = join(import.meta.dirname, 'peers', 'decode.ts')
  const run = spawnSync(
    command,
    [...prefix, '--conditions=@holdfast/source', script, String(Math.max(0.2, seconds / 4))],
    {
      encoding: 'utf8',
    },
  )
  const { spansPerCpuSecond } = JSON.parse(run.stdout) as { readonly spansPerCpuSecond: number } // what decode.ts prints
  return spansPerCpuSecond
}

async function report(
  product: Program,
  limit: Program,
  done: readonly Round[],
): Promise<{ readonly isVoid: boolean; readonly rounds: readonly Round[] }> {
  const checked = { product: await product.check(), limit: await limit.check() }
  const usage = { product: await product.usage(), limit: await limit.usage() }
  const disk = { product: await product.end(), limit: await limit.end() }
  const limits = done.map((it) => it.limit)
  const spread = (Math.max(...limits) - Math.min(...limits)) / median(limits)
  const isWrong = !checked.product.ok || !checked.limit.ok
  const isVoid = isWrong || (scale >= 1 && spread > MAX_LIMIT_SPREAD)
  say({
    result: isWrong ? 'WRONG' : isVoid ? 'VOID: the limit program varied too much' : 'ok',
    ratioToLimit: ratios(done, (it) => it.product / it.limit),
    ratioToDecode: ratios(done, (it) => it.product / it.decode),
    limitSpread: round(spread),
    spansPerCpuSecond: {
      product: Math.round(median(done.map((it) => it.product))),
      limit: Math.round(median(limits)),
      decodeOnly: Math.round(median(done.map((it) => it.decode))),
    },
    ackMs: { product: acks(done.map((it) => it.productAckMs)), limit: acks(done.map((it) => it.limitAckMs)) },
    // Of a time the largest ratio is the worst.
    ackP99Ratio: ratios(done, (it) => it.productAckMs[1] / it.limitAckMs[1], Math.max),
    peakRssMiB: { product: mib(usage.product.peakRssBytes), limit: mib(usage.limit.peakRssBytes) },
    diskBytesPerRawByte: {
      product: round(disk.product.diskBytes / product.load.sentBytes),
      limit: round(disk.limit.diskBytes / limit.load.sentBytes),
    },
    spans: { product: product.load.sentSpans, limit: limit.load.sentSpans },
    problems: [checked.product.problem, checked.limit.problem].filter((problem) => problem !== ''),
  })
  return { isVoid, rounds: done }
}

function describe(it: Round | undefined): object {
  if (it === undefined) return {}
  return {
    ratioToLimit: round(it.product / it.limit),
    spansPerCpuSecond: {
      product: Math.round(it.product),
      limit: Math.round(it.limit),
      decodeOnly: Math.round(it.decode),
    },
  }
}

/** The ratio is taken inside each round; the median of the rounds counts, and the worst is shown. */
function ratios(
  done: readonly Round[],
  of: (it: Round) => number,
  worst: (...all: readonly number[]) => number = Math.min,
): { readonly median: number; readonly worst: number } {
  const all = done.map(of)
  return { median: round(median(all)), worst: round(worst(...all)) }
}

function acks(pairs: readonly (readonly [number, number])[]): { readonly p50: number; readonly p99: number } {
  return { p50: round(median(pairs.map(([p50]) => p50))), p99: round(median(pairs.map(([, p99]) => p99))) }
}

function quantile(ascending: readonly number[], q: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * q))] ?? 0
}

function median(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  )
}

function round(value: number): number {
  return Number(value.toPrecision(3))
}

function mib(bytes: number): number {
  return Math.round(bytes / 1024 ** 2)
}

function say(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
