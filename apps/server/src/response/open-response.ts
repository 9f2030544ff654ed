import { hostname } from 'node:os'
import type { Allowed } from '@holdfast/model'
import type { Responder } from '@holdfast/respond'
import type { KnownSensor } from '../sensor/link.ts'
import { AutomaticResponse, type AutomaticResponseSources } from './automatic-response.ts'
import type { Response } from './handlers.ts'
import { ACT_MS, ASK_MS, TICK_MS } from './limits.ts'
import { PlanKeeper } from './plan-keeper.ts'
import type { PlanBook } from './plan-book.ts'
import { Plans, type PlanSources } from './plans.ts'
import { ResponsePolicies } from './policy.ts'
import { type Patience, timeLimited } from './time-limited.ts'
import { Situations, type SituationSources } from './situation.ts'
import type { ContainmentRecord } from '@holdfast/model'
import type { Cases } from '../case/cases.ts'
import type { ViewsClient } from '../views/client.ts'
import type { LogReader, Recorder } from '@holdfast/recorder'

export type ResponseSources = Pick<SituationSources, 'scopeOf' | 'dutiesOf'> &
  Pick<PlanSources, 'containments' | 'approverNow' | 'notices' | 'clock' | 'onError'> & {
    readonly recorder: Pick<Recorder, 'appendControl' | 'signCheckpoint'>
    readonly reader: LogReader
    readonly views: Pick<ViewsClient, 'ask' | 'onFiled'>
    readonly cases: Pick<Cases, 'noteAction' | 'take' | 'stateOf'>
    readonly book: PlanBook
    readonly responders: readonly Responder[]
    /** How long they may take; that of the product unless told. */
    readonly patience?: Patience
  }

/** What answers incidents, put together and set going. */
export class RunningResponse implements Response, AsyncDisposable {
  readonly book: PlanBook
  readonly plans: Plans
  readonly policies: ResponsePolicies
  readonly situations: Situations
  readonly #keeper: PlanKeeper
  readonly #automatic: AutomaticResponse
  readonly #onError: ResponseSources['onError']
  readonly #stopFollowing: () => void
  #timer: NodeJS.Timeout | undefined

  constructor(sources: ResponseSources) {
    const { book, reader, recorder, cases, views, onError } = sources
    this.#onError = onError
    this.book = book
    this.policies = new ResponsePolicies({ recorder, reader })
    this.situations = new Situations({
      ...sources,
      caseOf: (incident) => cases.stateOf(incident),
      failedProbe: (incident) => book.failedProbe(incident),
    })
    const again = (plan: { readonly made: { readonly plan: { readonly incident: string } } }): void =>
      this.#automatic.changed([plan.made.plan.incident])
    const patience = sources.patience ?? { askMs: ASK_MS, actMs: ACT_MS }
    const responders = sources.responders.map((responder) => timeLimited(responder, patience))
    const shared = { ...sources, responders, situations: this.situations, policies: this.policies }
    this.plans = new Plans({ ...shared, onOutcome: again })
    this.#keeper = new PlanKeeper({ ...shared, plans: this.plans, onLeak: again })
    this.#automatic = new AutomaticResponse({ ...shared, plans: this.plans } satisfies AutomaticResponseSources)
    this.#stopFollowing = views.onFiled((incidents) => this.#automatic.changed(incidents))
  }

  /** Begins to look after what stands, and takes up what was there before. */
  start(): void {
    this.#timer = setInterval(() => {
      this.#keeper.begin()
      this.#automatic.retry()
    }, TICK_MS).unref()
    this.#automatic
      .resume()
      .catch((error: unknown) => this.#onError(error, 'incidents of before could not be looked at'))
  }

  /** Puts on record what became elsewhere of a hold that a plan made. */
  noteContainment(record: ContainmentRecord): void {
    this.#keeper
      .noteContainment(record)
      .catch((error: unknown) => this.#onError(error, 'the end of a hold is not in its plan'))
  }

  /** Who carries out steps was away, and is there again. */
  isBack(provider: string): void {
    this.#keeper.isBack(provider)
  }

  /** Resolves once no incident waits to be answered. */
  idle(): Promise<void> {
    return this.#automatic.idle()
  }

  /** Looks after what stands once, now. */
  tick(): Promise<void> {
    return this.#keeper.tick()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopFollowing()
    clearInterval(this.#timer)
    await this.#automatic.stop()
    await this.#keeper.idle()
  }
}

/** Where agents on the sensor's own host send what they tell: this server, where the sensor is on its machine. */
export function collectorsOn(
  { report }: KnownSensor,
  { host, ports }: { readonly host: string; readonly ports: readonly number[] },
): readonly Allowed[] {
  if (report.host !== hostname()) return []
  const any = host === '0.0.0.0' || host === '::'
  const addresses = any ? ['127.0.0.1', '::1'] : [host === 'localhost' ? '127.0.0.1' : host]
  return addresses.flatMap((address) =>
    ports.map((port) => ({ address, prefix: address.includes(':') ? 128 : 32, port, protocol: 'tcp' as const })),
  )
}
