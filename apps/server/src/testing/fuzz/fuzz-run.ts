import { setImmediate as nextTurn } from 'node:timers/promises'
import { importRuns, normalise, scanOtlp } from '@holdfast/capture'
import type { UnixNano } from '@holdfast/model'
import { randomFrom } from '@holdfast/recorder/testing'
import { entriesOf } from '../entries.ts'
import { recordedRequests } from '../recorded-requests.ts'
import { mutate } from './mutate.ts'

export type FuzzReport = {
  readonly inputs: number
  /** Inputs of which at least one record was taken. */
  readonly taken: number
  readonly events: number
  readonly wrong: readonly string[]
}

/** Real requests of each wire format, small enough that a run sees many of them. */
const DIALECTS = ['otel-genai', 'openinference', 'openllmetry', 'ai-sdk-v7', 'claude-code', 'mastra', 'langsmith']
const MAX_SEED_BYTES = 4 * 1024
/** Time of the processor that one input may take: far above what any takes, and no matter how busy the machine is. */
const MAX_INPUT_CPU_MS = 2_000
const INPUTS_PER_TURN = 200
const MAX_WRONG = 10

/**
 * Sends changed requests down the path of a received one: scanned, masked, normalised, and as a file through the importer.
 * None may throw, take seconds, or leave anything on a prototype, and what was taken must be what it says it is.
 */
export async function fuzzRun({
  inputs,
  seed,
}: {
  readonly inputs: number
  readonly seed: number
}): Promise<FuzzReport> {
  const random = randomFrom(seed)
  const seeds = DIALECTS.flatMap(recordedRequests).filter(({ body }) => body.length <= MAX_SEED_BYTES)
  const wrong: string[] = []
  let taken = 0
  let events = 0
  const before = prototypes()
  for (let i = 0; i < inputs && wrong.length < MAX_WRONG; i++) {
    // Both indices lie below the length, and there are recordings.
    const from = seeds[Math.floor(random() * seeds.length)] as (typeof seeds)[number]
    const other = seeds[Math.floor(random() * seeds.length)] as (typeof seeds)[number]
    const body = mutate(from.body, other.body, random)
    const copy = body.slice()
    const started = process.cpuUsage()
    try {
      const found = i % 8 === 7 ? importOf(body) : requestOf(from, body)
      if (found.records > 0) taken++
      events += found.events
      wrong.push(...found.wrong.map((text) => named(text)))
    } catch (error) {
      wrong.push(named(`threw ${String(error)}`))
    }
    const { user, system } = process.cpuUsage(started)
    if ((user + system) / 1000 > MAX_INPUT_CPU_MS) wrong.push(named(`took ${(user + system) / 1000} ms`))
    if (prototypes() !== before) wrong.push(named('changed a prototype'))
    // A run that never gives its thread back cannot tell the runner that it is alive.
    if (i % INPUTS_PER_TURN === 0) await nextTurn()

    function named(text: string): string {
      return `input ${i} of seed ${seed}, from ${from.file}: ${text}: ${Buffer.from(copy).toString('base64')}`
    }
  }
  return { inputs, taken, events, wrong }
}

type Found = { readonly records: number; readonly events: number; readonly wrong: readonly string[] }

const ARRIVAL = { instance: 'http:4318', credential: 'loopback', tier: 'self-reported' } as const

function requestOf(
  { signal, encoding }: { readonly signal: 'traces' | 'logs'; readonly encoding: 'proto' | 'json' },
  body: Uint8Array,
): Found {
  const scanned = scanOtlp({ signal, encoding, body, arrival: ARRIVAL })
  if (scanned.status === 'malformed') return { records: 0, events: 0, wrong: [] }
  const wrong: string[] = []
  const entries = entriesOf(scanned.groups, 1n as UnixNano) // one is a UnixNano
  if (entries.length !== scanned.accepted) wrong.push(`${scanned.accepted} accepted, ${entries.length} in the groups`)
  let events = 0
  for (const entry of entries) {
    if (encoding === 'json' && !isJson(entry.body)) wrong.push('took a record that JSON.parse does not')
    const read = normalise(entry).events
    if (read.length === 0) wrong.push('a record became no event')
    events += read.length
  }
  return { records: entries.length, events, wrong }
}

function importOf(body: Uint8Array): Found {
  const { accepted, groups } = importRuns({ file: 'fuzz.json', bytes: body })
  const entries = groups.reduce((sum, { starts }) => sum + starts.length, 0)
  const wrong = entries === accepted ? [] : [`import accepted ${accepted}, ${entries} in the groups`]
  return { records: entries, events: 0, wrong }
}

function isJson(body: Uint8Array | undefined): boolean {
  try {
    JSON.parse(Buffer.from(body ?? []).toString())
    return true
  } catch {
    // That it is refused is the answer.
    return false
  }
}

/** The names on the prototypes that a hostile key would reach. */
function prototypes(): string {
  return [Object.prototype, Array.prototype, String.prototype, Function.prototype, Map.prototype]
    .map((prototype) => Reflect.ownKeys(prototype).length)
    .join()
}
