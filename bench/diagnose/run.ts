/**
 * How long the five questions and the nine capabilities take over a large log: a real server is started on it, then each of
 * several agents is asked about, as of its newest record and as of a past instant: busy ones, each with as many records as the
 * others, and a small one whose verdicts are the same in a log of any size. Each line of output is one JSON document.
 */
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { parseArgs } from 'node:util'
import { startServer } from '../../apps/server/src/testing/server-process.ts'
import { largeFolder } from '../large/folder.ts'
import { agentId, DAYS, FIRST_DAY, SMALL_AGENT } from '../large/log.ts'
import { median, round } from '../detect/figures.ts'

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    events: { type: 'string' },
    dir: { type: 'string', default: tmpdir() },
    data: { type: 'string' },
  },
})
const BUSY_AGENTS = 5
const events = Number(values.events ?? Math.round(1_000_000 * Number(values.scale)))
/** The middle of the history. */
const PAST = new Date(FIRST_DAY + (DAYS / 2) * 86_400_000 + 52_320_000).toISOString()

type Diagnostic = { readonly questions: readonly { readonly id: string; readonly verdict: string }[] }

const { data, dir } = values
using large = await largeFolder({ data, dir, events, minutes: Infinity, say })
const server = await startServer(large.folder)
try {
  await folded()
  say({ bench: 'diagnose', ...large.filled, cores: availableParallelism(), load: loadavg()[0] })
  const busy = Array.from({ length: BUSY_AGENTS }, (_, n) => agentId(n))
  for (const [what, agents] of [
    ['small agent', [SMALL_AGENT]],
    ['busy agents', busy],
  ] as const)
    for (const at of [undefined, PAST]) {
      const { waiting } = await server.get<{ readonly waiting: number }>('/api/v1/incidents?limit=1')
      say({ what, at: at ?? 'newest', ...(await asked(agents, at)), conversationsToJudge: waiting, load: loadavg()[0] })
    }
  say({ result: 'ok' })
} finally {
  await server.stop()
}

/** Once every projection has read all. */
async function folded(): Promise<void> {
  for (;;) {
    const response = await fetch(`${server.ready.http}/api/v1/agents?limit=1`, {
      headers: { authorization: `Bearer ${server.ready.token}` },
    })
    if (response.headers.get('holdfast-behind') === null) return
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}

/** Each agent so many times; the first time is cold. */
async function asked(agents: readonly string[], at: string | undefined): Promise<object> {
  const cold: number[] = []
  const warm: number[] = []
  let verdicts: readonly string[] = []
  for (const agent of agents) {
    const path = `/api/v1/diagnostic?${new URLSearchParams({ agent, ...(at === undefined ? {} : { at }) }).toString()}`
    for (let n = 0; n < Number(values.rounds); n += 1) {
      const begun = performance.now()
      const { questions } = await server.get<Diagnostic>(path)
      if (questions.length !== 5) throw new Error(`${questions.length} questions were answered`)
      ;(n === 0 ? cold : warm).push(performance.now() - begun)
      verdicts = questions.map(({ id, verdict }) => `${id} ${verdict}`)
    }
  }
  return { verdicts, coldMs: summary(cold), warmMs: summary(warm) }
}

function summary(times: readonly number[]): object {
  return { median: round(median(times)), most: round(Math.max(0, ...times)), of: times.length }
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
