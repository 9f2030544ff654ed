import { createInterface } from 'node:readline'
import type { IncomingMessage } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { SensorCommand, SensorReport, SensorResult, WatchedCgroup } from '@holdfast/model'
import { COMMANDS_SILENT_MS, LOSSES_TOLD, REPORT_MS, RETRY_FIRST_MS, RETRY_MOST_MS, SPOOL_SYNC_MS } from '../limits.ts'
import type { Standings } from '../hold/standings.ts'
import type { Spool } from '../spool/spool.ts'
import type { Batch } from './batch-builder.ts'
import type { Losses } from './losses.ts'
import type { Answered, ServerClient } from './server-client.ts'

export type DeliveryOptions = {
  readonly client: ServerClient
  readonly spool: Spool
  readonly losses: Losses
  readonly start: string
  /** What the sensor can see now. */
  readonly report: () => { readonly report: SensorReport; readonly watched: readonly WatchedCgroup[] }
  /** Where the ends of holds wait to be told. */
  readonly standings: Pick<Standings, 'endings' | 'told'>
  readonly onCommand: (command: SensorCommand) => Promise<SensorResult>
  readonly say: (line: string) => void
}

/**
 * Brings batches to the server, each until it is acknowledged, in their order; and the server's commands to the driver.
 * While the server is away batches stay in the spool, and what that cannot hold is counted.
 */
export class Delivery implements AsyncDisposable {
  readonly #options: DeliveryOptions
  readonly #stop = new AbortController()
  readonly #loops: readonly Promise<void>[]
  #sequence = 0
  #wake: (() => void) | undefined
  #waiting: (() => void)[] = []
  #lastReport = ''
  #awaySinceMs: number | undefined

  constructor(options: DeliveryOptions) {
    this.#options = options
    this.#loops = [this.#sendLoop(), this.#commandLoop(), this.#reportLoop()]
  }

  /** Milliseconds since the server last answered; 0 while it does. */
  get awayMs(): number {
    return this.#awaySinceMs === undefined ? 0 : performance.now() - this.#awaySinceMs
  }

  /** Takes a batch over: from here on it is sent, or counted as lost. */
  add(batch: Batch): void {
    const { spool, losses, start } = this.#options
    const sequence = this.#sequence + 1
    const kept = spool.append({ start, sequence, ...batch })
    if (kept === 'full-disk') return losses.addBatch(batch.body, 'full-disk')
    if (kept === 'full') return losses.addBatch(batch.body, this.#awaySinceMs === undefined ? 'slow' : 'away')
    this.#sequence = sequence
    this.#wake?.()
  }

  /** Resolves once the server has all that was added. */
  flushed(): Promise<void> {
    if (this.#options.spool.isEmpty) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Says at once what changed in the report. */
  async tellReport(): Promise<void> {
    const { client, start, report } = this.#options
    const said = report()
    const text = JSON.stringify(said)
    if (text === this.#lastReport) return
    const answered = await client.postJson('/sensor/v1/reports', start, said)
    this.#note(answered)
    if (answered.status === 'done') this.#lastReport = text
    if (answered.status === 'refused') this.#options.say(`the server does not take the report: ${answered.detail}`)
  }

  /** Ends without waiting for the server: what it has not acknowledged stays in the spool. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    this.#wake?.()
    await Promise.all(this.#loops)
    this.#options.spool.sync()
  }

  async #sendLoop(): Promise<void> {
    const { client, spool, losses, say } = this.#options
    let retryMs = RETRY_FIRST_MS
    let syncedMs = 0
    while (!this.#isStopped()) {
      const next = spool.oldest()
      if (next === undefined) {
        for (const resolve of this.#waiting.splice(0)) resolve()
        await this.#woken()
        continue
      }
      const answered = await client.postBatch(next.start, next.sequence, next.body)
      this.#note(answered)
      if (answered.status === 'done' || answered.status === 'refused') {
        if (answered.status === 'refused') {
          say(`the server refused batch ${next.sequence}: ${answered.detail}`)
          losses.addBatch(next.body, 'refused')
        }
        spool.acknowledge()
        retryMs = RETRY_FIRST_MS
        continue
      }
      if (performance.now() - syncedMs > SPOOL_SYNC_MS) {
        spool.sync()
        syncedMs = performance.now()
      }
      await this.#pause(retryMs)
      retryMs = Math.min(retryMs * 2, RETRY_MOST_MS)
    }
  }

  async #commandLoop(): Promise<void> {
    let retryMs = RETRY_FIRST_MS
    while (!this.#isStopped()) {
      // The server may be another than before: it is told again who speaks.
      this.#lastReport = ''
      await this.tellReport()
      try {
        const stream = await this.#options.client.commands(this.#options.start, this.#stop.signal)
        retryMs = RETRY_FIRST_MS
        await this.#readCommands(stream)
      } catch {
        // The server is away: the loop of batches says so, and here it is tried again.
      }
      await this.#pause(retryMs)
      retryMs = Math.min(retryMs * 2, RETRY_MOST_MS)
    }
  }

  async #readCommands(stream: IncomingMessage): Promise<void> {
    const silent = (): void => void stream.destroy(new Error('the server is silent'))
    let timer = setTimeout(silent, COMMANDS_SILENT_MS)
    try {
      for await (const line of createInterface({ input: stream })) {
        clearTimeout(timer)
        timer = setTimeout(silent, COMMANDS_SILENT_MS)
        if (line !== '') this.#obey(line)
      }
    } finally {
      clearTimeout(timer)
    }
  }

  #obey(line: string): void {
    // The server writes one object a line; it alone can open this socket's other end.
    const { id, command } = JSON.parse(line) as { readonly id: string; readonly command: SensorCommand }
    const { client, start, onCommand } = this.#options
    onCommand(command)
      .catch((error: unknown): SensorResult => ({
        ok: false,
        error: error instanceof Error ? error.message : String(error),
      }))
      .then(async (result) => {
        // What is watched may have changed: who asked must find it in what the server knows.
        await this.tellReport()
        await client.postJson('/sensor/v1/results', start, { id, result })
      })
      .catch((error: unknown) => this.#options.say(`a result was not told: ${String(error)}`))
  }

  async #reportLoop(): Promise<void> {
    const { client, losses, say } = this.#options
    while (!this.#isStopped()) {
      await this.#pause(REPORT_MS)
      if (this.#lastReport === '') continue
      await this.tellReport()
      await this.#tellEndings()
      const untold = losses.untold(LOSSES_TOLD)
      if (untold === undefined) continue
      const answered = await client.postJson('/sensor/v1/lost', untold.start, { losses: untold.losses })
      if (answered.status === 'refused') say(`the server does not take what was lost: ${answered.detail}`)
      if (answered.status === 'done' || answered.status === 'refused') losses.told(untold)
    }
  }

  async #tellEndings(): Promise<void> {
    const { client, start, standings, say } = this.#options
    const endings = standings.endings()
    if (endings.length === 0) return
    const answered = await client.postJson('/sensor/v1/endings', start, { endings })
    if (answered.status === 'refused') say(`the server does not take the ends of holds: ${answered.detail}`)
    if (answered.status === 'done' || answered.status === 'refused') standings.told(endings)
  }

  #note(answered: Answered): void {
    if (answered.status === 'away') this.#awaySinceMs ??= performance.now()
    else this.#awaySinceMs = undefined
  }

  #isStopped(): boolean {
    return this.#stop.signal.aborted
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined
        resolve()
      }
      if (this.#isStopped()) this.#wake()
    })
  }

  async #pause(ms: number): Promise<void> {
    // Rejects only where this ends.
    await delay(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined)
  }
}
