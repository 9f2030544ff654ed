/**
 * How long the five questions and the nine capabilities take over a large log: histories of many agents are imported into
 * a real server, then each of several agents is asked about, as of its newest record and as of a past instant. Prints.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startServer } from '../../apps/server/src/testing/server-process.ts'
import { supportExecution } from '../../scenarios/src/histories/agents.ts'
import { otlpLine } from '../../scenarios/src/histories/otlp-line.ts'
import { seededRandom } from '../../scenarios/src/histories/random.ts'

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    events: { type: 'string' },
    dir: { type: 'string', default: import.meta.dirname },
  },
})
const AGENTS = 20
const DAYS = 42
const EXECUTIONS_AN_HOUR = 12
const EVENTS = Number(values.events ?? Math.round(1_000_000 * Number(values.scale)))
/** Spans of one execution, about; what is stored is counted. */
const SPANS = 5

type Diagnostic = { readonly tookMs: number; readonly questions: readonly { readonly verdict: string }[] }

const folder = mkdtempSync(join(values.dir, '.bench-diagnose-'))
const server = await startServer(join(folder, 'data'))
try {
  const begun = performance.now()
  for (let agent = 0; agent < AGENTS; agent += 1) await importHistory(agent)
  const { size } = await folded()
  say({
    agents: AGENTS,
    entries: size,
    cores: availableParallelism(),
    load: loadavg()[0],
    foldedMs: Math.round(performance.now() - begun),
  })
  const newest = await asked('')
  const past = await asked(`&at=${encodeURIComponent('2026-09-20T14:32:00Z')}`)
  say({ result: 'ok', entries: size, newest, past, load: loadavg()[0] })
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}

/** Weeks of one agent, hour by hour, as one file that is imported. */
async function importHistory(agent: number): Promise<void> {
  const name = `desk-${agent}`
  const random = seededRandom(agent + 1)
  const each = Math.max(1, Math.round(EVENTS / AGENTS / DAYS / (24 / 2) / SPANS))
  const lines = [JSON.stringify({ holdfastHistory: 1, clock: 'simulated', tool: 'bench/diagnose' })]
  for (let hour = 0; hour < DAYS * 24; hour += 2) {
    const start = Date.UTC(2026, 8, 1) + hour * 3_600_000
    const executions = Array.from({ length: each }, (_, i) =>
      supportExecution(start + Math.floor((i * 3_600_000) / Math.max(each, EXECUTIONS_AN_HOUR)), random),
    )
    lines.push(
      otlpLine({ cluster: 'bench', namespace: 'shop', deployment: name }, { pod: `${name}-1`, executions, random }),
    )
  }
  const path = join(folder, `${name}.jsonl`)
  writeFileSync(path, `${lines.join('\n')}\n`)
  const response = await fetch(`${server.ready.http}/api/v1/import?name=${name}.jsonl`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.ready.token}`, 'content-type': 'application/octet-stream' },
    body: readFileSync(path),
  })
  if (!response.ok) throw new Error(`import of ${name} was answered with ${response.status}: ${await response.text()}`)
  rmSync(path)
}

/** Once every projection has read all. */
async function folded(): Promise<{ readonly size: number }> {
  for (;;) {
    const response = await fetch(`${server.ready.http}/api/v1/agents?limit=1`, {
      headers: { authorization: `Bearer ${server.ready.token}` },
    })
    if (response.headers.get('holdfast-behind') === null) break
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
  return await server.get<{ readonly size: number }>('/api/v1/integrity')
}

/** Each of five agents so many times; the first time is cold. */
async function asked(at: string): Promise<object> {
  const cold: number[] = []
  const warm: number[] = []
  for (let agent = 0; agent < 5; agent += 1) {
    const path = `/api/v1/diagnostic?agent=${encodeURIComponent(`k8s:bench/shop/desk-${agent}`)}${at}`
    for (let round = 0; round < Number(values.rounds); round += 1) {
      const begun = performance.now()
      const { questions } = await server.get<Diagnostic>(path)
      if (questions.length !== 5) throw new Error(`${questions.length} questions were answered`)
      ;(round === 0 ? cold : warm).push(performance.now() - begun)
    }
  }
  return { coldMs: summary(cold), warmMs: summary(warm) }
}

function summary(times: readonly number[]): object {
  const sorted = times.toSorted((a, b) => a - b)
  return {
    median: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0),
    most: Math.round(sorted.at(-1) ?? 0),
    of: times.length,
  }
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
