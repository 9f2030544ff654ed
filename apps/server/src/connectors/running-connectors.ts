import { randomUUID } from 'node:crypto'
import type { ConnectorWire, SweptHoldWire } from '@holdfast/api'
import type { ConnectorCheck, ResponseConnector } from '@holdfast/connectors'
import type { Recorder } from '@holdfast/recorder'
import type { Logger } from 'pino'
import { HttpError } from '../http/problem.ts'
import { CHECK_MS, SWEEP_MS } from './limits.ts'

export type RunningConnectorsSources = {
  readonly connectors: readonly ResponseConnector[]
  readonly recorder: Pick<Recorder, 'appendControl'>
  readonly logger: Pick<Logger, 'error' | 'warn'>
}

export type Sweep = {
  readonly items: readonly SweptHoldWire[]
  readonly unasked: readonly { readonly connector: string; readonly detail: string }[]
}

/**
 * The systems that plans act in. Nothing in them ends a hold by itself, so that they are swept for what is over: at start, because the
 * server may have been away when it was, and from time to time. Without a connector it does nothing and asks nobody.
 */
export class RunningConnectors implements AsyncDisposable {
  readonly #sources: RunningConnectorsSources
  #timer: NodeJS.Timeout | undefined
  #sweep: Promise<Sweep> | undefined

  constructor(sources: RunningConnectorsSources) {
    this.#sources = sources
  }

  /** Sweeps now and from then on. */
  start(): void {
    if (this.#sources.connectors.length === 0) return
    const sweep = (): void => {
      this.sweep('holdfast up').catch((error: unknown) =>
        this.#sources.logger.error({ err: error }, 'connectors could not be swept'),
      )
    }
    this.#timer = setInterval(sweep, SWEEP_MS)
    this.#timer.unref()
    sweep()
  }

  list(): readonly ConnectorWire[] {
    return this.#sources.connectors.map(({ name, system, reaches }) => ({ name, system, reaches }))
  }

  async test(name: string): Promise<readonly ConnectorCheck[]> {
    const found = this.#sources.connectors.find((one) => one.name === name)
    if (found === undefined) throw new HttpError(404, `there is no connector "${name}"`)
    return checkedInTime(found)
  }

  /** For the doctor: all of them, each within its time. */
  async checks(): Promise<readonly ConnectorCheck[]> {
    const checks = await Promise.all(this.#sources.connectors.map(checkedInTime))
    return checks.flat()
  }

  /** Releases what is over. One sweep at a time: who asks during one gets its answer. */
  sweep(by: string): Promise<Sweep> {
    this.#sweep ??= this.#sweepAll(by).finally(() => {
      this.#sweep = undefined
    })
    return this.#sweep
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#sweep?.catch(() => {
      // It was told to whoever asked for it.
    })
  }

  async #sweepAll(by: string): Promise<Sweep> {
    const asked = await Promise.all(this.#sources.connectors.map((connector) => this.#sweepOne(connector, by)))
    return { items: asked.flatMap(({ items }) => items), unasked: asked.flatMap(({ unasked }) => unasked) }
  }

  async #sweepOne(connector: ResponseConnector, by: string): Promise<Sweep> {
    const { recorder, logger } = this.#sources
    // One act, one id: what was intended and how it ended say the same.
    const ids = new Map<string, string>()
    const record = async (
      { target, incident }: Pick<SweptHoldWire, 'target' | 'incident'>,
      outcome: 'intended' | 'done' | 'failed',
      detail: string,
    ): Promise<void> => {
      const key = JSON.stringify([target, incident])
      const actionId = outcome === 'intended' ? randomUUID() : (ids.get(key) ?? randomUUID())
      ids.set(key, actionId)
      await recorder.appendControl({
        kind: 'operator-action',
        actionId,
        action: 'release-expired-hold',
        by,
        target: `${connector.name} ${target}`,
        detail,
        outcome,
      })
    }
    try {
      // FC3
      const swept = await connector.sweep(({ expired, ...hold }) =>
        record(hold, 'intended', `incident ${hold.incident}, over since ${expired}`),
      )
      for (const hold of swept) await record(hold, hold.status === 'released' ? 'done' : 'failed', hold.detail)
      return { items: swept.map((hold) => ({ ...hold, connector: connector.name })), unasked: [] }
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      logger.warn({ connector: connector.name, detail }, 'a connector could not be swept')
      return { items: [], unasked: [{ connector: connector.name, detail }] }
    }
  }
}

/** A system that takes its time keeps nobody from the other checks. */
async function checkedInTime(connector: ResponseConnector): Promise<readonly ConnectorCheck[]> {
  const { promise: late, resolve } = Promise.withResolvers<readonly ConnectorCheck[]>()
  const timer = setTimeout(
    () =>
      resolve([
        {
          id: `connector ${connector.name}`,
          status: 'FAIL',
          title: connector.reaches,
          detail: `no answer within ${CHECK_MS / 1_000} s`,
          remedy: 'check the address, and whether it can be reached from here',
        },
      ]),
    CHECK_MS,
  )
  try {
    return await Promise.race([connector.check(), late])
  } finally {
    clearTimeout(timer)
  }
}
