import type { Answer } from '@holdfast/api'
import { Gauge, Registry } from 'prom-client'
import { DOCTOR_KEPT_MS } from './limits.ts'

const READY = 'holdfast_evidence_ready'

type RecentOptions = {
  readonly run: () => Promise<Answer<'doctor'>>
  /** Monotonic, in milliseconds. */
  readonly nowMs: () => number
  readonly onError: (error: unknown) => void
}

/** The doctor for whoever asks again and again: one run answers everybody for {@link DOCTOR_KEPT_MS}. */
export class RecentDoctor {
  readonly #options: RecentOptions
  readonly #registry = new Registry()
  readonly #checks = new Gauge({
    name: 'holdfast_doctor_checks',
    help: 'Checks of the doctor by status, as of its last run, at most a minute old while this page is read',
    labelNames: ['status'],
    registers: [this.#registry],
  })
  readonly #ready = new Gauge({
    name: READY,
    help: 'Share of the expected forensic artifacts that would be complete if an incident happened now; absent while no agent was heard',
    registers: [],
  })
  #last: { readonly answer: Answer<'doctor'>; readonly atMs: number } | undefined
  #running: Promise<Answer<'doctor'>> | undefined

  constructor(options: RecentOptions) {
    this.#options = options
  }

  /** At most {@link DOCTOR_KEPT_MS} old. */
  async latest(): Promise<Answer<'doctor'>> {
    return this.#isOld() ? this.#run() : (this.#last?.answer ?? this.#run())
  }

  /** The gauges as Prometheus reads them. A scrape waits for nobody: it gets the last answer, and has the next one made. */
  async metrics(): Promise<string> {
    if (this.#isOld()) this.#run().catch(this.#options.onError)
    const answer = this.#last?.answer
    if (answer === undefined) return ''
    for (const status of ['PASS', 'WARN', 'FAIL'] as const)
      this.#checks.set({ status }, answer.checks.filter((check) => check.status === status).length)
    const { ready, of } = answer.evidence
    if (of > 0) {
      if (this.#registry.getSingleMetric(READY) === undefined) this.#registry.registerMetric(this.#ready)
      this.#ready.set(ready / of)
    } else this.#registry.removeSingleMetric(READY)
    return this.#registry.metrics()
  }

  #isOld(): boolean {
    return this.#last === undefined || this.#options.nowMs() - this.#last.atMs >= DOCTOR_KEPT_MS
  }

  #run(): Promise<Answer<'doctor'>> {
    this.#running ??= this.#options
      .run()
      .then((answer) => {
        this.#last = { answer, atMs: this.#options.nowMs() }
        return answer
      })
      .finally(() => {
        this.#running = undefined
      })
    return this.#running
  }
}
