import { setTimeout as delay } from 'node:timers/promises'
import type { CheckpointWire } from '@holdfast/api'
import { verifyConsistency, verifyFolder } from '@holdfast/cli/verify'
import { LogReader } from '@holdfast/recorder'
import type { ServerProcess } from '@holdfast/testkit'
import { seededRandom } from './seeded-random.ts'
import { startServer } from './server-process.ts'

export type CrashReport = {
  readonly kills: number
  readonly acknowledged: number
  readonly stored: number
  readonly lost: readonly string[]
  readonly doubled: readonly string[]
  readonly regressed: readonly string[]
  readonly problems: readonly string[]
}

const SENDERS = 3
const SPANS_PER_REQUEST = 20

/**
 * Kills the server at random instants while several senders export, restarts it, and sends again what was not
 * acknowledged, as an OTLP exporter does. Then counts: every acknowledged span once, every checkpoint a continuation of
 * the one before, and the stopped folder verified by the verifier that shares no code with the writer.
 */
export async function runCrashes({
  folder,
  kills,
  seed,
}: {
  readonly folder: string
  readonly kills: number
  readonly seed: number
}): Promise<CrashReport> {
  const random = seededRandom(seed)
  const senders = Array.from({ length: SENDERS }, (_, i) => new Sender(i))
  const regressed: string[] = []
  let last: CheckpointWire | undefined
  for (let kill = 0; kill < kills; kill += 1) {
    const server = await startServer(folder)
    if (last !== undefined) regressed.push(...(await continues(server, last)))
    const sending = senders.map((sender) => sender.sendUntilGone(server.ready.otlpHttp))
    await delay(Math.floor(random() * 250))
    last = await server.get<CheckpointWire>('/api/v1/log/checkpoint').catch(() => last)
    await delay(Math.floor(random() * 40))
    await server.kill()
    await Promise.all(sending)
  }
  const server = await startServer(folder)
  if (last !== undefined) regressed.push(...(await continues(server, last)))
  for (const sender of senders) await sender.sendOnce(server.ready.otlpHttp)
  await server.stop()
  const stored = storedSpans(folder)
  const acknowledged = senders.flatMap((sender) => sender.acknowledged)
  return {
    kills,
    acknowledged: acknowledged.length,
    stored: [...stored.values()].reduce((sum, count) => sum + count, 0),
    lost: acknowledged.filter((id) => !stored.has(id)),
    doubled: [...stored].filter(([, count]) => count > 1).map(([id]) => id),
    regressed,
    problems: verifyFolder(folder).problems.map(({ where, what }) => `${where} ${what}`),
  }
}

async function continues(server: ServerProcess, older: CheckpointWire): Promise<readonly string[]> {
  const newer = await server.get<CheckpointWire>('/api/v1/log/checkpoint')
  if (newer.size < older.size) return [`checkpoint went from ${older.size} to ${newer.size}`]
  const { publicKey } = await server.get<{ publicKey: string }>('/api/v1/integrity')
  const { proof } = await server.get<{ proof: readonly string[] }>(
    `/api/v1/log/consistency?from=${older.size}&to=${newer.size}`,
  )
  const verdict = verifyConsistency({ older: older.note, newer: newer.note }, proof, publicKey)
  return verdict.problems.map(({ where, what }) => `${older.size} to ${newer.size}: ${where} ${what}`)
}

/** Spans in the log by span id. The reader opens the folder as any process may. */
function storedSpans(folder: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  using reader = LogReader.open({ folder })
  for (const { envelope, body } of reader.entries({ from: 0 })) {
    if (envelope.encoding !== 'otlp-span-json' || body === undefined) continue
    const { spanId } = JSON.parse(Buffer.from(body).toString()) as { spanId: string } // a span that this file made
    counts.set(spanId, (counts.get(spanId) ?? 0) + 1)
  }
  return counts
}

/** One exporter: it sends requests one after the other and keeps what was not answered for the next server. */
class Sender {
  readonly acknowledged: string[] = []
  readonly #number: number
  #next = 1
  #waiting: { readonly ids: readonly string[]; readonly body: string } | undefined

  constructor(number: number) {
    this.#number = number
  }

  async sendUntilGone(url: string): Promise<void> {
    while (await this.sendOnce(url)) {
      // Goes on until the server is gone.
    }
  }

  /** False where nobody answered. */
  async sendOnce(url: string): Promise<boolean> {
    this.#waiting ??= this.#make()
    const { ids, body } = this.#waiting
    try {
      const response = await fetch(`${url}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      if (response.status === 200) {
        await response.arrayBuffer()
        this.acknowledged.push(...ids)
        this.#waiting = undefined
      }
      return true
    } catch {
      // The server was killed under the request: it is sent again to the next one, as it is.
      return false
    }
  }

  #make(): { readonly ids: readonly string[]; readonly body: string } {
    const ids = Array.from({ length: SPANS_PER_REQUEST }, () =>
      (this.#next++ * 16 + this.#number).toString(16).padStart(16, '0'),
    )
    const spans = ids.map((spanId) => ({
      traceId: `${(this.#number + 1).toString(16).padStart(16, '0')}${spanId}`,
      spanId,
      name: 'chat scripted',
      kind: 3,
      startTimeUnixNano: '1763700000000000000',
      endTimeUnixNano: '1763700001000000000',
      attributes: [
        { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
        {
          key: 'gen_ai.input.messages',
          value: {
            stringValue: JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: `question ${spanId}` }] }]),
          },
        },
      ],
    }))
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: `sender-${this.#number}` } }] }
    return {
      ids,
      body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'crash' }, spans }] }] }),
    }
  }
}
