/**
 * What a hunt costs over a large log: events are folded into its columns in the server's own batches, then values are counted
 * and rows are asked for, over everything and over a window, cold and with the columns in memory. Prints.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { finished } from '@holdfast/detect'
import type { EventSummary } from '@holdfast/model'
import { type LogReader, ProjectionStore } from '@holdfast/recorder'
import { huntProjection } from '../../apps/server/src/hunt/hunt-projection.ts'
import { HuntQueries } from '../../apps/server/src/hunt/hunt-queries.ts'
import type { FoldInput } from '../../apps/server/src/views/fold-input.ts'
import { seededRandom } from '../../scenarios/src/histories/random.ts'
import { median, round } from '../detect/figures.ts'

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    events: { type: 'string' },
    dir: { type: 'string', default: import.meta.dirname },
  },
})
const EVENTS = Math.max(2_000, Number(values.events ?? Math.round(1_000_000 * Number(values.scale))))
const BATCH = 1_024
const START = 1_795_000_000_000_000_000n
const QUESTIONS = {
  everything: {},
  'one tool of two agents': { q: 'tool:tool-3 agent:agent-1 agent:agent-2' },
  'a word': { q: 'secret-17' },
  'the last hundredth': { from: String(START + (BigInt(EVENTS) * 99n * 1_000_000n) / 100n) },
} as const

const folder = mkdtempSync(join(values.dir, '.bench-hunt-'))
try {
  using store = ProjectionStore.open({ folder, name: 'hunt', version: 1 })
  using incidents = ProjectionStore.open({ folder, name: 'incidents', version: 1 })
  const foldMs = fold(store)
  say({
    events: EVENTS,
    cores: availableParallelism(),
    load: loadavg()[0],
    foldMicrosPerEvent: round((foldMs * 1_000) / EVENTS),
    bytesPerEvent: round(statSync(join(folder, 'views', 'hunt.db')).size / EVENTS),
  })
  const problems: string[] = []
  for (const [name, query] of Object.entries(QUESTIONS)) {
    const cold: number[] = []
    const warm: number[] = []
    const rows: number[] = []
    let matched = 0
    for (let i = 0; i < Number(values.rounds); i += 1) {
      const queries = queriesOn(store, incidents)
      const facets = (): { readonly matched: number; readonly scanned: number } =>
        finished(queries.answering('huntFacets', { query, now: '0' })) as { matched: number; scanned: number } // its own answer
      cold.push(timed(facets))
      warm.push(timed(() => ({ matched } = facets())))
      rows.push(timed(() => finished(queries.answering('hunt', { query: { ...query, limit: 500 }, now: '0' }))))
      if (facets().scanned !== EVENTS) problems.push(`${name}: not all events were looked through`)
    }
    say({ question: name, matched, coldMs: median(cold), warmMs: median(warm), rowsMs: median(rows) })
  }
  say({
    bench: 'hunt',
    result: problems.length === 0 ? 'ok' : 'WRONG',
    problems,
    rssMiB: process.memoryUsage().rss >> 20,
  })
  process.exitCode = problems.length === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** A fleet of forty agents with two hundred tools, and names that hardly repeat among the labels. */
function fold(store: ProjectionStore): number {
  const random = seededRandom(7)
  let ms = 0
  for (let at = 0; at < EVENTS; at += BATCH) {
    const inputs = Array.from({ length: Math.min(BATCH, EVENTS - at) }, (_, i) => inputOf(at + i, random))
    ms += timed(() => store.apply({ cursor: at + inputs.length, ...huntProjection.fold(store, inputs) }))
  }
  return ms
}

function inputOf(entry: number, random: () => number): FoldInput {
  const trace = `t${Math.floor(entry / 12)}`
  const agent = `agent-${Math.floor(entry / 12) % 40}`
  const file = `/srv/data/${Math.floor(random() * 20_000)}/secret-${Math.floor(random() * 50)}.csv`
  const body =
    random() < 0.4
      ? { kind: 'file', action: 'read', path: file, flags: 0, isSensitive: false, isForeign: false, result: 0 }
      : { kind: 'tool-call', toolName: `tool-${Math.floor(random() * 200)}`, arguments: { state: 'captured' } }
  const event = {
    id: `${trace}.${entry.toString(16).padStart(16, '0')}.body`,
    entry,
    claimedAt: START + BigInt(entry) * 1_000_000n,
    recordedAt: START + BigInt(entry) * 1_000_000n + 500n,
    source: { channel: 'otlp', tier: 'self-reported' },
    agent: { id: `host:vm-${entry % 3}/${agent}`, name: agent },
    context: { trace, conversation: `case-${Math.floor(entry / 60)}` },
    body,
  }
  return { events: [event as unknown as EventSummary] } as unknown as FoldInput // what the fold looks at
}

function queriesOn(store: ProjectionStore, incidents: ProjectionStore): HuntQueries {
  const reader = { size: () => EVENTS } as unknown as LogReader // no question here asks for texts
  return new HuntQueries({ reader, store, incidents, classOf: () => 'tool-caller' })
}

/** Milliseconds of the processor: on a machine that is shared, time on the wall says how busy it was. */
function timed(work: () => unknown): number {
  const { user, system } = process.cpuUsage()
  work()
  const spent = process.cpuUsage()
  return Math.round((spent.user + spent.system - user - system) / 100) / 10
}

function say(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
