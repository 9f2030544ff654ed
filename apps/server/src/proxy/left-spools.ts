import { setTimeout as delay } from 'node:timers/promises'
import { Spool } from '@holdfast/proxy'
import type { Logger } from 'pino'
import { HttpError } from '../http/problem.ts'
import type { ProxyBatches } from './proxy-batches.ts'

/** Between two looks: what lies there came from a proxy that had ended before anybody could take it. */
const LOOK_MS = 5_000

export type LeftSpoolsOptions = {
  /** In the data folder, which nobody but its owner may enter: whoever can write there may read the token. */
  readonly folder: string
  readonly proxies: Pick<ProxyBatches, 'take'>
  readonly logger: Logger
}

/** Takes in what proxies kept on disk while no server ran, and could not deliver themselves any more. */
export class LeftSpools implements AsyncDisposable {
  readonly #options: LeftSpoolsOptions
  readonly #spool: Spool
  readonly #ending = new AbortController()
  readonly #looking: Promise<void>

  constructor(options: LeftSpoolsOptions) {
    this.#options = options
    // The server writes no batch of its own.
    this.#spool = new Spool({ folder: options.folder, kind: 'mcp-proxy', start: '0'.repeat(16) })
    this.#looking = this.#look()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort()
    await this.#looking
  }

  async #look(): Promise<void> {
    const { signal } = this.#ending
    while (!signal.aborted) {
      try {
        await this.#spool.adopt()
        await this.#takeAll(signal)
      } catch (error) {
        this.#options.logger.error({ err: error }, 'what a proxy left could not be taken in yet')
      }
      await delay(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }

  async #takeAll(signal: AbortSignal): Promise<void> {
    for (let batch = await this.#spool.oldest(); batch !== undefined && !signal.aborted;) {
      try {
        await this.#options.proxies.take({ ...batch, credential: 'token' })
      } catch (error) {
        // Refused for good, and counted; anything else is tried again.
        if (!(error instanceof HttpError)) throw error
      }
      await this.#spool.remove(batch)
      batch = await this.#spool.oldest()
    }
  }
}
