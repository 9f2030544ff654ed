import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { percentile } from './figures.ts'
import { attacked, requestsOf, type Telling, traceOf } from './telling.ts'

const NODE = [process.execPath, '--disable-warning=ExperimentalWarning', '--conditions=@holdfast/source']
/** Spans of one conversation of {@link filler}. */
const SPANS = 64
const CHECK_MS = 100

/**
 * A real server takes conversations at a rate of spans that was fixed in advance, with an attack in each second: how long from
 * handing in the last span of an attack until its incident is listed.
 */
export async function stream(
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
  say: (line: object) => void,
): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-stream-'))
  const main = join(import.meta.dirname, '../../apps/cli/src/main.ts')
  const up = spawn(
    NODE[0] ?? '',
    [
      ...NODE.slice(1),
      main,
      'up',
      '--data',
      folder,
      ...'--http-port 0 --otlp-http-port 0 --otlp-grpc-port 0 --no-sensor --json'.split(' '),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  try {
    const { http, otlpHttp, token } = JSON.parse(await firstLine(up)) as {
      readonly http: string
      readonly otlpHttp: string
      readonly token: string
    } // the first line of `up --json`
    const begun = performance.now()
    const sent = new Map<string, number>()
    const seen = new Map<string, number>()
    let spans = 0
    let isSending = true
    const watch = async (): Promise<void> => {
      const until = performance.now() + (seconds + 600) * 1_000
      while ((isSending || seen.size < sent.size) && performance.now() < until) {
        const answer = await fetch(`${http}/api/v1/incidents?limit=100`, {
          headers: { authorization: `Bearer ${token}` },
        })
        const { items } = (await answer.json()) as {
          readonly items: readonly { readonly conversations: readonly string[] }[]
        } // the route's own answer
        const now = performance.now()
        for (const conversation of items.flatMap(({ conversations }) => conversations))
          if (sent.has(conversation) && !seen.has(conversation)) seen.set(conversation, now)
        await delay(CHECK_MS)
      }
    }
    const watching = watch()
    for (let second = 0; second < seconds; second += 1) {
      const attack = { ...attacked(second, `desk-${second}`), trace: traceOf(second) }
      const fillers = Array.from({ length: Math.max(1, Math.round(rate / SPANS)) }, (_, i) =>
        filler(second * 1_000 + i),
      )
      for (const request of requestsOf(fillers)) {
        await post(otlpHttp, request)
      }
      spans += fillers.length * SPANS + 5
      for (const request of requestsOf([attack])) await post(otlpHttp, request)
      sent.set(attack.trace, performance.now())
      await delay(Math.max(0, begun + (second + 1) * 1_000 - performance.now()))
    }
    const reached = spans / ((performance.now() - begun) / 1_000)
    isSending = false
    await watching
    const waits = [...sent].flatMap(([trace, at]) => {
      const end = seen.get(trace)
      return end === undefined ? [] : [end - at]
    })
    say({
      part: 'stream',
      offeredSpansPerSecond: rate,
      acceptedSpansPerSecond: Math.round(reached),
      attacks: sent.size,
      named: seen.size,
      spanToListedMs: {
        p50: Math.round(percentile(waits, 0.5)),
        p99: Math.round(percentile(waits, 0.99)),
        max: Math.round(Math.max(0, ...waits)),
      },
      until: Math.round(performance.now() - begun),
    })
    return seen.size === sent.size ? [] : [`${seen.size} of ${sent.size} attacks were named`]
  } finally {
    up.kill('SIGTERM')
    if (up.exitCode === null) await once(up, 'exit')
    rmSync(folder, { recursive: true, force: true })
  }
}

/** An ordinary conversation of some sixty calls. */
function filler(n: number): Telling {
  return { agent: `desk-${n % 40}`, trace: traceOf(1_000_000 + n), calls: SPANS - 1 }
}

async function post(base: string, body: Uint8Array): Promise<void> {
  for (;;) {
    const answer = await fetch(`${base}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(body),
    })
    await answer.arrayBuffer()
    if (answer.ok) return
    // It asks for a rest: the disk is behind.
    if (answer.status !== 429 && answer.status !== 503) throw new Error(`the server answered ${answer.status}`)
    await delay(50)
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('its output is a pipe')
  for await (const line of createInterface({ input: child.stdout })) return line
  throw new Error('the server ended before it was up')
}
