import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { UnixNano } from '@holdfast/model'
import { Recorder } from '@holdfast/recorder'
import { ServerProcess } from '@holdfast/testkit'
import { FoldTurns } from '../../apps/server/src/views/fold-turn.ts'
import { openViews } from '../../apps/server/src/views/open-views.ts'
import { percentile, round } from '../detect/figures.ts'
import { attacked, groupsOf, requestsOf, traceOf } from '../detect/telling.ts'
import { residentMiB } from './resident.ts'

/**
 * What a real server needs to answer the page of one incident, on a log of so many entries of other conversations; and what memory
 * it keeps while nobody asks. The folder is recorded and folded here, so that the server starts with all of it. Each line of
 * output is one JSON document; nothing about speed is asserted.
 */
const { values } = parseArgs({
  options: {
    entries: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '100' },
    dir: { type: 'string', default: tmpdir() },
  },
})
const SPANS = 64
/** Questions of the page as it opens, in its order. */
const QUESTIONS = ['', '/standing', '/plan', '/evidence', '/case', '/timeline'] as const
const IDLE_MS = 15_000
const PROGRAM = ['--disable-warning=ExperimentalWarning', '--conditions=@holdfast/source']
const SERVER = join(import.meta.dirname, '../../apps/server/src/main.ts')

say({ bench: 'web incident', node: process.version, cores: availableParallelism(), load: loadavg()[0] })
for (const wanted of values.entries ?? ['2000', '100000']) {
  const folder = mkdtempSync(join(values.dir, 'holdfast-bench-incident-'))
  try {
    const entries = await filled(folder, Number(wanted))
    const server = await ServerProcess.start([...PROGRAM, SERVER], folder)
    try {
      await measured(server, entries)
    } finally {
      await server.stop()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Entries of the folder's log, all of them folded, with one incident among them. */
async function filled(folder: string, wanted: number): Promise<number> {
  const clock = (): UnixNano => (BigInt(Date.now()) * 1_000_000n) as UnixNano // the present is in range
  await using recorder = await Recorder.open({ folder, clock })
  const quiet = Array.from({ length: Math.ceil(wanted / SPANS) }, (_, i) => ({
    agent: `desk-${i % 100}`,
    trace: traceOf(1_000 + i),
    calls: SPANS - 1,
  }))
  for (const request of requestsOf([...quiet, attacked(0, 'office')])) await recorder.append(groupsOf(request))
  using open = openViews(folder)
  const turns = new FoldTurns(open.reader, open.projections)
  while (turns.turn().inputs.length > 0);
  while (open.judge.waiting() > 0) open.judge.turn(1_000)
  return recorder.size
}

async function measured(server: ServerProcess, entries: number): Promise<void> {
  const incident = await onlyIncident(server)
  await new Promise((done) => setTimeout(done, IDLE_MS))
  say({ entries, idleResidentMiB: residentMiB(server.ready.pid), budgetMiB: 400 })
  const pages: number[] = []
  const took = new Map<string, number[]>(QUESTIONS.map((question) => [question, []]))
  for (let i = 0; i < Number(values.rounds); i += 1) {
    let page = 0
    for (const question of QUESTIONS) {
      const begun = performance.now()
      await server.get(`/api/v1/incidents/${incident}${question}`)
      const ms = performance.now() - begun
      took.get(question)?.push(ms)
      page += ms
    }
    pages.push(page)
  }
  for (const [question, times] of took)
    say({ entries, question: `/incidents/{incident}${question}`, p50Ms: at(times, 0.5), p95Ms: at(times, 0.95) })
  say({
    entries,
    page: 'all of them, one after the other',
    p50Ms: at(pages, 0.5),
    p95Ms: at(pages, 0.95),
    budgetMs: 300,
  })
}

/** Waits until the server has judged what the log holds: by rules of its own, so that all cases are judged anew at its start. */
async function onlyIncident(server: ServerProcess): Promise<string> {
  for (;;) {
    const { items, waiting } = await server.get<Listed>('/api/v1/incidents')
    const [first] = items
    if (items.length > 1) throw new Error(`${items.length} incidents came, not one`)
    if (first !== undefined && waiting === 0) return first.id
    await new Promise((done) => setTimeout(done, 100))
  }
}

type Listed = { readonly items: readonly { readonly id: string }[]; readonly waiting: number }

function at(times: readonly number[], share: number): number {
  return round(percentile(times, share))
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
