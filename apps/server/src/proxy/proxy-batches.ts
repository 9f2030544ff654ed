import { scanProxyBatch, type ProxyHeader, type ProxyKind } from '@holdfast/capture'
import { formatRfc3339, type CapturePolicy, type ControlRecord, type UnixNano } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import type { GapCounter } from '../gap-counter.ts'
import { HttpError } from '../http/problem.ts'
import { REFUSALS } from '../otlp/outcome.ts'
import { BatchStore, type ReadBatch } from '../sensor/batch-store.ts'

export type ProxyBatchesOptions = {
  readonly recorder: Pick<Recorder, 'append' | 'appendControl'>
  readonly reader: Pick<LogReader, 'segmentsWithTerm' | 'eachControl'>
  readonly policy: () => CapturePolicy | undefined
  readonly gaps: Pick<GapCounter, 'count'>
  readonly clock: () => UnixNano
}

export type ProxyBatch = {
  readonly kind: ProxyKind
  readonly start: string
  readonly sequence: number
  /** Given away: credentials in it are masked in place. */
  readonly body: Uint8Array
  readonly credential: string
}

/** Takes in what MCP and model proxies saw: each batch once, acknowledged when it is durable, losses on record. */
export class ProxyBatches {
  readonly #options: ProxyBatchesOptions
  readonly #store: BatchStore
  /** The last gap that is being written: counts of one start must not overtake each other. */
  #losses: Promise<unknown> = Promise.resolve()

  constructor(options: ProxyBatchesOptions) {
    this.#options = options
    const { recorder, reader, policy } = options
    this.#store = new BatchStore({ append: recorder.append.bind(recorder), reader, policy })
  }

  /** Resolves once the batch is durable. Throws HttpError where it is refused, and the recorder's error where it fails. */
  async take(batch: ProxyBatch): Promise<{ readonly acknowledged: number; readonly status: 'stored' | 'known' }> {
    const { kind, start, sequence, body, credential } = batch
    const name = { sensor: kind, start, sequence }
    let header: ProxyHeader | undefined
    const read = (): ReadBatch => {
      const scanned = scanProxyBatch({ body, kind, batch: name, credential })
      if (scanned.status === 'scanned') header = scanned.header
      return scanned
    }
    const outcome = await this.#store.store(name, read)
    if (outcome.status === 'refused') {
      const { gap = 'refused-malformed', http } = REFUSALS[outcome.code]
      this.#options.gaps.count({ sender: `${kind} ${start}`, channel: kind, reason: gap, detail: outcome.message })
      throw new HttpError(http, outcome.message)
    }
    // Known, but what it said of losses may not be on record: the server ended between the two.
    if (outcome.status === 'known') read()
    if (header?.lost !== undefined) await this.#noteLost(header)
    return { acknowledged: sequence, status: outcome.status }
  }

  #noteLost(header: ProxyHeader): Promise<unknown> {
    const written = this.#losses.then(() => this.#writeLost(header))
    // The next one is written whatever becomes of this one, whose sender is told.
    this.#losses = written.catch(() => undefined)
    return written
  }

  async #writeLost({ source, lost }: ProxyHeader): Promise<void> {
    if (lost === undefined) return
    const name = `${source.kind}/${source.start}`
    const records = lost.records - this.#lostBefore(name)
    if (records <= 0) return
    const record: ControlRecord = {
      kind: 'gap',
      reason: 'lost-in-proxy',
      sender: `${source.kind} ${source.start}: ${source.attributes['service.name'] ?? 'unknown'}`.slice(0, 300),
      channel: source.kind,
      records,
      requests: 0,
      from: lost.since,
      to: formatRfc3339(this.#options.clock()),
      detail: `the server was away for longer than the proxy could keep, before ${source.target}`.slice(0, 500),
      counter: { name, total: lost.records },
    }
    await this.#options.recorder.appendControl(record)
  }

  /** What the log says was lost already. Losses are rare, and so is this reading. */
  #lostBefore(name: string): number {
    let total = 0
    for (const { record } of this.#options.reader.eachControl('gap')) {
      if (record.counter?.name === name) total = Math.max(total, record.counter.total)
    }
    return total
  }
}
