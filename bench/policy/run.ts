/**
 * How fast a recorded window is replayed against policies: weeks of an agent are imported into a real server, its policies derived, and
 * the whole of it replayed. `--rounds N` (default 5), `--executions N` a day (default 600: 44 days are 132,000 events). `--data FOLDER`: those of a
 * busy agent of a large log that was filled there. Prints medians.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { dayOf, deskAgent, deskHistory } from '../../apps/server/src/policy/testing/desk-history.ts'
import { startServer } from '../../apps/server/src/testing/server-process.ts'
import { agentId } from '../large/log.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    executions: { type: 'string', default: '600' },
    dir: { type: 'string', default: import.meta.dirname },
    data: { type: 'string' },
  },
})
const DAYS = 44
const AGENT = values.data === undefined ? deskAgent('desk') : agentId(0)
type Made = { readonly artifacts: readonly { readonly kind: string }[] }
type Result = { readonly entries: number; readonly events: number; readonly judged: number; readonly ms: number }
type Simulation = { readonly state: string; readonly failure?: string; readonly result?: Result }

const folder = mkdtempSync(join(values.dir, '.bench-policy-'))
const server = await startServer(values.data ?? join(folder, 'data'))
try {
  if (values.data === undefined) await importHistory()
  const path = `/api/v1/agents/${encodeURIComponent(AGENT)}/policies`
  let made: Made = { artifacts: [] }
  for (const until = Date.now() + 600_000; made.artifacts.length === 0 && Date.now() < until; await wait(1_000))
    made = await server.post<Made>(path, {})
  const begun = performance.now()
  made = await server.post<Made>(path, {})
  const derivedMs = Math.round(performance.now() - begun)
  const rounds: Result[] = []
  for (let round = 0; round < Number(values.rounds); round += 1) rounds.push(await replayed())
  const [one] = rounds
  say({
    result: 'ok',
    layers: made.artifacts.map(({ kind }) => kind),
    derivedMs,
    entries: one?.entries,
    events: one?.events,
    judged: one?.judged,
    rounds: rounds.length,
    medianMs: Math.round(median(rounds.map(({ ms }) => ms))),
    eventsPerSecond: Math.round(median(rounds.map(({ events, ms }) => (events / ms) * 1_000))),
    cores: availableParallelism(),
    load: loadavg()[0],
  })
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function importHistory(): Promise<void> {
  const response = await fetch(`${server.ready.http}/api/v1/import?name=desk.jsonl`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.ready.token}`, 'content-type': 'application/octet-stream' },
    body: deskHistory('desk', { days: DAYS, executions: Number(values.executions) }),
  })
  if (!response.ok) throw new Error(`the import answered ${response.status}`)
}

async function replayed(): Promise<Result> {
  const body = { agent: AGENT, from: dayOf(0), to: dayOf(DAYS) }
  const { id } = await server.post<{ readonly id: string }>('/api/v1/policies/simulations', body)
  for (const until = Date.now() + 600_000; Date.now() < until; await wait(200)) {
    const { state, failure, result } = await server.get<Simulation>(`/api/v1/policies/simulations/${id}`)
    if (state === 'failed') throw new Error(failure)
    if (result !== undefined) return result
  }
  throw new Error('the replay did not end in time')
}

function median(given: readonly number[]): number {
  return given.toSorted((a, b) => a - b)[Math.floor(given.length / 2)] ?? 0
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
