import { RESEARCH_CALLS } from '../../histories/agent-calls.ts'
import { chatSpan, type SimulatedExecution, type SimulatedSpan, toolSpan } from '../../histories/otlp-line.ts'
import { seededRandom } from '../../histories/random.ts'
import { tetragonLine, type SimulatedAct } from '../../histories/tetragon-line.ts'
import { RESOLVER } from '../network/limits.ts'
import { dayBefore, historyHeader, quietDays } from '../quiet-days.ts'
import type { Past } from '../scenario.ts'
import type { Workload } from '../stage.ts'

export const RESEARCH_AGENT: Workload = {
  namespace: 'ml',
  deployment: 'research-agent',
  pod: 'research-agent-6b7d9f8c55-m4k2p',
}
const NEIGHBOUR = { namespace: 'serving', deployment: 'api' }
const QUIET_DAYS = 28
const DAY_BEGINS_MS = 8 * 3_600_000
const HOUR_MS = 3_600_000
const TOOLS = '/usr/bin/'

/** Four weeks of small analyses, and of a neighbour that serves the models of the volume that both have. */
export function* researchHistory(past: Past): Generator<string> {
  yield historyHeader('research-agent')
  yield* quietDays(past, {
    workload: RESEARCH_AGENT,
    pods: [RESEARCH_AGENT.pod ?? ''],
    days: QUIET_DAYS,
    behaviour: analysis,
    calls: RESEARCH_CALLS,
  })
  const random = seededRandom(past.seed + 3)
  for (let day = QUIET_DAYS; day >= 1; day -= 1) yield* kernelDay(past, dayBefore(past, day) + DAY_BEGINS_MS, random)
}

/** A script that reads this week's data and stores a small result where it always does. */
function analysis(at: number, random: () => number): SimulatedExecution {
  const week = 1 + Math.floor(random() * 50)
  return {
    at,
    spans: [
      chatSpan('gpt-5-mini', { after: 0, random }),
      toolSpan('run_python', { code: `import pandas\nprint(pandas.read_csv('/data/week-${week}.csv').describe())` }, 2),
      request('data.example.test', 'GET', 3),
      request('storage.example.test', 'PUT', 5),
    ],
  }
}

function request(host: string, method: string, after: number): SimulatedSpan {
  return {
    name: method,
    attributes: {
      'http.request.method': method,
      'server.address': host,
      'server.port': 80,
      'url.full': `http://${host}/`,
    },
    after,
    seconds: 0.3,
  }
}

function* kernelDay(past: Past, begin: number, random: () => number): Generator<string> {
  const agent = { ...RESEARCH_AGENT, cluster: past.cast.cluster }
  const neighbour = { ...NEIGHBOUR, cluster: past.cast.cluster }
  for (let hour = 0; hour < 8; hour += 1) {
    const at = begin + hour * HOUR_MS + Math.floor(random() * HOUR_MS)
    const number = 200 + Math.floor(random() * 20_000)
    const acts: readonly SimulatedAct[] = [
      { kind: 'exec', binary: `${TOOLS}curl`, arguments: '-sSf http://data.example.test/week.csv' },
      { kind: 'exec', binary: `${TOOLS}python3.11`, arguments: '/tmp/python-x/script.py' },
      { kind: 'exec', binary: process.execPath, arguments: 'python-server.js' },
      { kind: 'datagram', address: RESOLVER, port: 53 },
      { kind: 'file', access: 'write', path: '/dev/null' },
      { kind: 'file', access: 'write', path: '/work/scratch/result.csv' },
    ]
    let actor = { number, startedAt: at }
    for (const [i, act] of acts.entries()) {
      // What is no start of a program is done by the one that started last.
      if (act.kind === 'exec') actor = { number: number + i, startedAt: at + i }
      yield tetragonLine(agent, { pod: RESEARCH_AGENT.pod ?? '', at: at + i, ...actor, act })
    }
    const serving: readonly SimulatedAct[] = [
      { kind: 'exec', binary: '/usr/bin/python3.11', arguments: 'serve.py' },
      { kind: 'file', access: 'read', path: '/mnt/models/base.bin' },
    ]
    const server = { pod: 'api-5c8f7d6b94-t7w2q', number: number + 9, startedAt: at + 9 }
    for (const [i, act] of serving.entries()) yield tetragonLine(neighbour, { ...server, at: at + 9 + i, act })
  }
}
