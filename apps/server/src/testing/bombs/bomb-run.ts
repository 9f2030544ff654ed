import { existsSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { randomFrom } from '@holdfast/recorder/testing'
import { startServer } from '../server-process.ts'
import { nextBomb } from './bombs.ts'
import { isAnswer, throwOverGrpc, throwOverHttp } from './throw-bomb.ts'

export type BombReport = {
  readonly bombs: number
  /** How often each answer was given, by transport and status. */
  readonly answers: ReadonlyMap<string, number>
  /** Most memory that the server held at any time; undefined where the system does not tell. */
  readonly peakBytes: number | undefined
  /** Gaps in the log that the refusals left, and how many of them name no sender. */
  readonly gaps: number
  readonly nameless: number
  readonly wrong: readonly string[]
}

type Gap = { readonly sender: string }

/** Sockets that begin a request and never go on, all the time. */
const SLOW_SOCKETS = 40
/** A sender whose request is in order is asked to wait at most this often. */
const CANARY_TRIES = 20
const CANARY = '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"TRACE","spanId":"b7ad6b7169203331"}]}]}]}'

/** Throws bombs at a real server over each transport; after each, a request that is in order must be taken. */
export async function bombRun(run: { folder: string; bombs: number; seed: number }): Promise<BombReport> {
  const random = randomFrom(run.seed)
  const server = await startServer(run.folder)
  const { otlpHttp, otlpGrpc, pid } = server.ready
  const slow = Array.from({ length: SLOW_SOCKETS }, (_, i) => slowSocket(i % 2 === 0 ? otlpHttp : otlpGrpc))
  const answers = new Map<string, number>()
  const wrong: string[] = []
  try {
    for (let i = 0; i < run.bombs && wrong.length < 10; i++) {
      const bomb = nextBomb(random)
      // JSON is no gRPC message; it is thrown as one all the same.
      const answer = i % 3 === 2 ? await throwOverGrpc(otlpGrpc, bomb) : await throwOverHttp(otlpHttp, bomb)
      const named = `${answer.transport} ${answer.status}`
      answers.set(named, (answers.get(named) ?? 0) + 1)
      const where = `bomb ${i} of seed ${run.seed} (${bomb.name}, ${bomb.encoding})`
      if (!isAnswer(answer)) wrong.push(`${where}: answered ${named}`)
      if (!(await isServed(otlpHttp, i))) wrong.push(`${where}: nothing is taken any more`)
    }
    const peakBytes = peakOf(pid)
    const { gaps, gapsTotal } = await server.get<{ gaps: readonly Gap[]; gapsTotal: number }>('/api/v1/integrity')
    const nameless = gaps.filter(({ sender }) => sender === '').length
    return { bombs: run.bombs, answers, peakBytes, gaps: gapsTotal, nameless, wrong }
  } finally {
    for (const socket of slow) socket.destroy()
    const code = await server.stop()
    if (code !== 0) wrong.push(`the server ended with ${code}`)
  }
}

async function isServed(url: string, n: number): Promise<boolean> {
  const body = CANARY.replace('TRACE', (n + 1).toString(16).padStart(32, 'c'))
  for (let tries = 0; tries < CANARY_TRIES; tries++) {
    const response = await fetch(`${url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    }).catch(() => undefined)
    if (response === undefined) return false
    await response.arrayBuffer()
    if (response.status === 200) return true
    if (response.status !== 429 && response.status !== 503) return false
  }
  return false
}

/** The listener closes it after its time for headers; until then it holds a connection. */
function slowSocket(url: string): Socket {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  socket.write('POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-le')
  return socket
}

function peakOf(pid: number): number | undefined {
  const file = `/proc/${pid}/status`
  if (!existsSync(file)) return undefined
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 0) * 1024
}
