import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ServerProcess } from '@holdfast/testkit'
import { launchBrowser, noBrowser, signIn } from '../../apps/web/e2e/support/browser.ts'
import { median, percentile, round } from '../detect/figures.ts'
import { largeFolder } from '../large/folder.ts'
import { ATTACKED_AGENT } from '../large/log.ts'
import { residentMiB } from './resident.ts'

/**
 * What a real server needs to answer the page of one incident, on a log of so many events of other conversations; and what memory
 * it keeps while nobody asks. Of a large log it may have conversations to judge for long after its start: how many is told. Each
 * line of output is one JSON document; nothing about speed is asserted.
 */
const { values } = parseArgs({
  options: {
    events: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '100' },
    dir: { type: 'string', default: tmpdir() },
    data: { type: 'string' },
  },
})
/** Questions of the page as it opens, in its order. */
const QUESTIONS = ['', '/standing', '/plan?forecast=no', '/evidence', '/case', '/timeline'] as const
const IDLE_MS = 15_000
const LOADS = 5
/** The headline; and all by which a responder acts: how it stands, what to do, and what happened. */
const SHOWN = {
  headline: 'h1',
  standing: 'section[aria-label="Clocks"]',
  respond: '#respond button',
  timeline: '#timeline',
}
/** The heap as `holdfast up` gives it. */
const PROGRAM = [
  '--max-semi-space-size=8',
  '--expose-gc',
  '--disable-warning=ExperimentalWarning',
  '--conditions=@holdfast/source',
]
const SERVER = join(import.meta.dirname, '../../apps/server/src/main.ts')

say({ bench: 'web incident', node: process.version, cores: availableParallelism(), load: loadavg()[0] })
const { data, dir } = values
for (const wanted of values.events ?? ['120000', '400000']) {
  using large = await largeFolder({ data, dir, events: Number(wanted), minutes: Infinity, say })
  const begun = performance.now()
  const server = await ServerProcess.start([...PROGRAM, SERVER], large.folder)
  try {
    say({ ...large.filled, startedMs: round(performance.now() - begun) })
    await measured(server, large.filled.entries)
  } finally {
    await server.stop()
  }
}

async function measured(server: ServerProcess, entries: number): Promise<void> {
  const incident = await incidentOf(server, `host:bench/${ATTACKED_AGENT}`)
  await new Promise((done) => setTimeout(done, IDLE_MS))
  const idle = { idleResidentMiB: residentMiB(server.ready.pid), budgetMiB: 400 }
  say({ entries, ...idle, conversationsToJudge: await waiting(server) })
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
  if (noBrowser === undefined) await opened(server, { incident, entries })
  else say({ entries, inBrowser: noBrowser })
}

/** From the address to each part of the page, by the page's own clock; the first load is cold. */
async function opened(server: ServerProcess, { incident, entries }: { incident: string; entries: number }) {
  const browser = await launchBrowser()
  try {
    const { page } = await signIn(browser, server.ready)
    const loads: Record<string, number>[] = []
    for (let load = 0; load < LOADS; load += 1) {
      await page.goto('about:blank')
      await page.goto(`${server.ready.http}/incidents/${incident}`, { waitUntil: 'commit' })
      const shown = await page.waitForFunction(
        (parts) => {
          const marks = ((globalThis as { marks?: Record<string, number> }).marks ??= {})
          for (const [part, selector] of Object.entries(parts))
            if (document.querySelector(selector)) marks[part] ??= performance.now()
          return Object.keys(marks).length === Object.keys(parts).length ? marks : undefined
        },
        SHOWN,
        { polling: 'raf', timeout: 120_000 },
      )
      loads.push(await shown.evaluate((marks) => marks ?? {}))
    }
    for (const part of Object.keys(SHOWN)) {
      const times = loads.map((load) => load[part] ?? 0)
      say({
        entries,
        inBrowser: part,
        firstMs: round(times[0] ?? 0),
        medianMs: round(median(times)),
        mostMs: round(Math.max(...times)),
        loads: LOADS,
      })
    }
  } finally {
    await browser.close()
  }
}

/** Waits until the server has judged what the attack is about: by rules of its own, so that all cases are judged anew at its start. */
async function incidentOf(server: ServerProcess, agent: string): Promise<string> {
  for (;;) {
    const { items } = await server.get<Listed>(`/api/v1/incidents?agent=${encodeURIComponent(agent)}`)
    const [first] = items
    if (items.length > 1) throw new Error(`${items.length} incidents came, not one`)
    if (first !== undefined) return first.id
    await new Promise((done) => setTimeout(done, 100))
  }
}

async function waiting(server: ServerProcess): Promise<number> {
  return (await server.get<Listed>('/api/v1/incidents?limit=1')).waiting
}

type Listed = { readonly items: readonly { readonly id: string }[]; readonly waiting: number }

function at(times: readonly number[], share: number): number {
  return round(percentile(times, share))
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
