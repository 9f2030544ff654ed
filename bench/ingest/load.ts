import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { stamp } from './corpus.ts'
import type { Corpus } from './corpus.ts'

/** Sends requests of the corpus to one program, each span under ids of its own. */
export class Load {
  readonly #port: number
  readonly #corpus: Corpus
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 })
  #sends: number
  sentSpans = 0
  sentBytes = 0

  constructor(port: number, corpus: Corpus, firstSend: number) {
    this.#port = port
    this.#corpus = corpus
    this.#sends = firstSend
  }

  /** As fast as it is answered, `concurrency` at a time. */
  async closed(seconds: number, concurrency: number): Promise<void> {
    const end = performance.now() + seconds * 1_000
    const worker = async (): Promise<void> => {
      do await this.#send()
      while (performance.now() < end)
    }
    await Promise.all(Array.from({ length: concurrency }, worker))
  }

  /**
   * At `requestsPerSecond`, at times fixed in advance: a stalled answer delays no send, and its time counts from when
   * the request was due. Answers the milliseconds to each acknowledgement, ascending.
   */
  async paced(seconds: number, requestsPerSecond: number): Promise<readonly number[]> {
    const gapMs = 1_000 / requestsPerSecond
    const count = Math.max(10, Math.round(seconds * requestsPerSecond))
    const begun = performance.now()
    const waits: Promise<number>[] = []
    for (let i = 0; i < count; i += 1) {
      const due = begun + i * gapMs
      const early = due - performance.now()
      if (early > 0) await sleep(early)
      waits.push(this.#send().then(() => performance.now() - due))
    }
    return (await Promise.all(waits)).toSorted((a, b) => a - b)
  }

  end(): void {
    this.#agent.destroy()
  }

  #send(): Promise<void> {
    const n = this.#sends
    this.#sends += 1
    const template = this.#corpus.requests[n % this.#corpus.requests.length]
    if (template === undefined) throw new RangeError('the corpus is empty')
    const body = stamp(template, n)
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port: this.#port,
          path: '/v1/traces',
          method: 'POST',
          agent: this.#agent,
          headers: { 'content-type': 'application/x-protobuf', 'content-length': body.length },
        },
        (response) => {
          response.resume()
          response.once('error', reject)
          response.once('end', () => {
            if (response.statusCode !== 200)
              return reject(new Error(`status ${response.statusCode}: a refused request voids the run`))
            this.sentSpans += template.spans
            this.sentBytes += body.length
            resolve()
          })
        },
      )
      sent.once('error', reject)
      sent.end(body)
    })
  }
}
