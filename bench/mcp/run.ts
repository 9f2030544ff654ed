import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'

/**
 * What an MCP proxy adds to a call: the same small server is called directly and through the proxy, in turns, one call at a
 * time, while the messages that pass are recorded by a real server. In the end the log must hold every one of them.
 */
const { values } = parseArgs({
  options: { scale: { type: 'string', default: '1' }, rounds: { type: 'string', default: '5' } },
})
const CALLS = Math.max(20, Math.round(1_000 * Number(values.scale)))
const ROUNDS = Number(values.rounds)
const NODE = [process.execPath, '--disable-warning=ExperimentalWarning', '--conditions=@holdfast/source']
const CLI = [...NODE, join(import.meta.dirname, '../../apps/cli/src/main.ts')]
const ECHO = [...NODE, join(import.meta.dirname, 'echo-server.ts')]

type Call = (id: number) => Promise<void>
type Way = { readonly direct: Call; readonly proxied: Call }

const data = mkdtempSync(join(tmpdir(), 'holdfast-bench-mcp-'))
const children: ChildProcess[] = []
try {
  const ports = ['--http-port', '0', '--otlp-http-port', '0', '--otlp-grpc-port', '0', '--no-sensor', '--json']
  const up = start([...CLI, 'up', '--data', data, ...ports])
  // The first line of `up --json`.
  const { http: api, token } = JSON.parse(await firstLine(up)) as { readonly http: string; readonly token: string }
  const problems: string[] = []
  const flags = ['--data', data, '--name', 'bench']
  const stdio = { direct: overStdio(ECHO), proxied: overStdio([...CLI, 'mcp', ...flags, '--', ...ECHO]) }
  const url = await firstLine(start([...ECHO, 'http']))
  const proxyUrl = await firstLine(start([...CLI, 'mcp', ...flags, '--url', url]))
  const made = [
    await measure('stdio', stdio),
    await measure('http', { direct: overHttp(url), proxied: overHttp(proxyUrl) }),
  ]
  const expected = made.reduce((sum, { calls }) => sum + 2 * calls, 0)
  const recorded = await recordedEvents({ api, token, expected })
  if (recorded !== expected) problems.push(`${recorded} of ${expected} messages are recorded`)
  print({ bench: 'mcp', result: problems.length === 0 ? 'ok' : 'WRONG', problems, recorded })
} finally {
  for (const child of children) child.kill('SIGTERM')
  await Promise.all(
    children.map((child) => (child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined)),
  )
  rmSync(data, { recursive: true, force: true })
}

/** One direct and one proxied call in turn, so that whatever else the machine does meets both alike. */
async function measure(transport: string, { direct, proxied }: Way): Promise<{ readonly calls: number }> {
  const rounds: { readonly direct: readonly number[]; readonly proxied: readonly number[] }[] = []
  let id = 0
  // Until both are compiled and their connections open; not measured.
  for (; id < 200; id += 1) await (id % 2 === 0 ? direct : proxied)(id)
  for (let round = 0; round < ROUNDS; round += 1) {
    const times = { direct: [] as number[], proxied: [] as number[] }
    for (let i = 0; i < CALLS * 2; i += 1, id += 1) {
      const way = (i + round) % 2 === 0 ? 'direct' : 'proxied'
      const began = performance.now()
      await (way === 'direct' ? direct : proxied)(id)
      times[way].push((performance.now() - began) * 1_000)
    }
    rounds.push(times)
  }
  const ofRounds = (of: (round: (typeof rounds)[number]) => number): number => Math.round(median(rounds.map(of)))
  const added = (share: number): number => ofRounds((r) => percentile(r.proxied, share) - percentile(r.direct, share))
  print({
    transport,
    calls: CALLS * ROUNDS,
    directUs: { p50: ofRounds((r) => percentile(r.direct, 0.5)), p99: ofRounds((r) => percentile(r.direct, 0.99)) },
    proxiedUs: { p50: ofRounds((r) => percentile(r.proxied, 0.5)), p99: ofRounds((r) => percentile(r.proxied, 0.99)) },
    addedUs: { p50: added(0.5), p99: added(0.99) },
  })
  return { calls: CALLS * ROUNDS + 100 }
}

function callText(id: number): string {
  const params = { name: 'echo', arguments: { text: 'y'.repeat(200) } }
  return JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params })
}

function overStdio(command: readonly string[]): Call {
  const child = start(command)
  const lines = linesOf(child)
  return async (id) => {
    const answered = once(lines, 'line')
    child.stdin?.write(`${callText(id)}\n`)
    check(String((await answered)[0]), id)
  }
}

function overHttp(url: string): Call {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  return (id) =>
    new Promise((done, failed) => {
      const request = http.request(url, { method: 'POST', agent, headers: { 'content-type': 'application/json' } })
      request.once('error', failed)
      request.once('response', (response) => {
        const pieces: Buffer[] = []
        response.on('data', (piece: Buffer) => pieces.push(piece))
        response.once('end', () => {
          check(Buffer.concat(pieces).toString(), id)
          done()
        })
      })
      const body = callText(id)
      request.end(body)
    })
}

function check(answer: string, id: number): void {
  if (!answer.includes(`"id":${id},"result"`)) throw new Error(`call ${id} was answered with ${answer.slice(0, 100)}`)
}

/** Events of the agent in the log, once all that passed is there, or half a minute later. */
async function recordedEvents(known: {
  readonly api: string
  readonly token: string
  readonly expected: number
}): Promise<number> {
  const { api, token, expected } = known
  let events = 0
  for (let tries = 0; tries < 150 && events < expected; tries += 1) {
    await delay(200)
    const response = await fetch(`${api}/api/v1/agents`, { headers: { authorization: `Bearer ${token}` } })
    // The documented form of the list of agents.
    const { items } = (await response.json()) as { readonly items: readonly { readonly events: number }[] }
    events = items.reduce((sum, agent) => sum + agent.events, 0)
  }
  return events
}

function start([program = '', ...args]: readonly string[]): ChildProcess {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] })
  children.push(child)
  return child
}

function linesOf(child: ChildProcess): Interface {
  if (child.stdout === null) throw new Error('the program has no output')
  return createInterface({ input: child.stdout })
}

async function firstLine(child: ChildProcess): Promise<string> {
  const ended = once(child, 'exit').then(() => {
    throw new Error('a program ended before it said anything')
  })
  const [line] = await Promise.race([once(linesOf(child), 'line'), ended])
  ended.catch(() => undefined)
  return String(line)
}

function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

function median(numbers: readonly number[]): number {
  return percentile(numbers, 0.5)
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
