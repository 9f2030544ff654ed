import type { ContainmentRecord, UnixNano } from '@holdfast/model'
import { dueForRelease, probeAgain, settle, type StepRecord, takeBack, unsettledSteps } from '@holdfast/respond'
import type { Notices } from '../notices/notices.ts'
import { PROBE_EVERY_MS, RETRY_MS } from './limits.ts'
import { holdEnded } from './plan-notices.ts'
import { isStanding, type KeptPlan, standingSteps } from './plan-state.ts'
import { type PlanWorkSources, workOn } from './plan-work.ts'
import type { Plans } from './plans.ts'

export type PlanKeeperSources = PlanWorkSources & {
  readonly plans: Pick<Plans, 'inTurn'>
  readonly notices: Notices
  /** Told where a probe of something that stood got through. */
  readonly onLeak: (kept: KeptPlan) => void
}

/**
 * Looks after what stands: settles what was under way when the program died, takes back what is due, tries again whether it
 * holds, and puts on record what ended elsewhere. Time comes in from outside.
 */
export class PlanKeeper {
  readonly #sources: PlanKeeperSources
  /** Plan -> not before. */
  readonly #restUntil = new Map<string, UnixNano>()
  readonly #probedAt = new Map<string, UnixNano>()
  #tick: Promise<void> | undefined

  constructor(sources: PlanKeeperSources) {
    this.#sources = sources
  }

  /** True while it looks: who calls by a timer need not call again. */
  get isBusy(): boolean {
    return this.#tick !== undefined
  }

  /** To be called about once a second. Looks after everything that stands, once what is under way is done. */
  async tick(): Promise<void> {
    while (this.#tick !== undefined) await this.#tick
    this.#tick = this.#all().finally(() => {
      this.#tick = undefined
    })
    await this.#tick
  }

  /** A hold of a plan ended by its time limit, by a hand on the host, or was released by itself. */
  async noteContainment(record: ContainmentRecord): Promise<void> {
    const { response, state, detail } = record
    if (response === undefined || (state !== 'released' && state !== 'failed')) return
    const { book, plans, clock, notices } = this.#sources
    const kept = book.find(response.plan)
    // While it is being applied or taken back, what becomes of it is told by that.
    if (kept === undefined || isUnderWay(kept, response.step)) return
    await plans.inTurn(response.plan, async () => {
      const now = book.find(response.plan)
      const step = now === undefined ? undefined : standingSteps(now).find(({ id }) => id === response.step)
      if (now === undefined || step === undefined || isUnderWay(now, step.id)) return
      const at = clock()
      const ended: StepRecord =
        state === 'released'
          ? { kind: 'reverted', step: step.id, outcome: { status: 'done', detail }, at }
          : { kind: 'probed', step: step.id, probes: [{ way: 'hold', held: false, detail }], at }
      await workOn(this.#sources, now).record(ended)
      await notices.tell(holdEnded(now, { step: step.id, detail }, at))
      if (state === 'failed') this.#sources.onLeak(now)
    })
  }

  async #all(): Promise<void> {
    for (const { hash } of this.#sources.book.standing()) await this.#lookAfter(hash)
    this.#forgetGone()
  }

  async #lookAfter(hash: string): Promise<void> {
    const { plans, book, clock, onError } = this.#sources
    if ((this.#restUntil.get(hash) ?? 0n) > clock()) return
    await plans
      .inTurn(hash, async () => {
        const kept = book.find(hash)
        if (kept === undefined || !isStanding(kept)) return
        await this.#settle(kept)
        await this.#releaseDue(hash)
        await this.#probe(hash)
      })
      .catch((error: unknown) => {
        this.#rest(hash)
        onError(error, 'a response plan could not be looked after')
      })
  }

  async #settle(kept: KeptPlan): Promise<void> {
    const { plan } = kept.made
    if (unsettledSteps(plan, kept.steps).length === 0) return
    await settle(workOn(this.#sources, kept), kept.steps)
    const after = this.#sources.book.find(kept.hash)
    // Its provider is away: it is asked again after a while.
    if (after !== undefined && unsettledSteps(plan, after.steps).length > 0) this.#rest(kept.hash)
  }

  async #releaseDue(hash: string): Promise<void> {
    const { book, clock, notices } = this.#sources
    const kept = book.find(hash)
    if (kept === undefined) return
    const due = dueForRelease(kept.made.plan, kept.steps, clock())
    if (due.length === 0) return
    await takeBack(workOn(this.#sources, kept), due, 'its time limit is over')
    const after = book.find(hash)
    for (const { id } of due) {
      const state = after?.outcome.steps.find(({ step }) => step === id)
      if (state?.effect === 'none')
        await notices.tell(holdEnded(kept, { step: id, detail: `its time limit is over: ${state.detail}` }, clock()))
      else this.#rest(hash)
    }
  }

  async #probe(hash: string): Promise<void> {
    const { book, clock } = this.#sources
    const kept = book.find(hash)
    if (kept === undefined) return
    const now = clock()
    const last = this.#probedAt.get(hash) ?? kept.steps.findLast(({ kind }) => kind === 'probed')?.at ?? kept.appliedAt
    if (last !== undefined && now - last < BigInt(PROBE_EVERY_MS) * 1_000_000n) return
    this.#probedAt.set(hash, now)
    for (const step of standingSteps(kept)) {
      const before = book.find(hash)?.outcome.steps.find((one) => one.step === step.id)
      if (before === undefined || before.effect === 'unknown') continue
      const found = await probeAgain(workOn(this.#sources, kept), step)
      if (!isNews(found, before.effect)) continue
      await workOn(this.#sources, kept).record(found)
      const after = book.find(hash)
      if (after?.outcome.steps.find((one) => one.step === step.id)?.effect === 'leaks') this.#sources.onLeak(after)
    }
  }

  #rest(hash: string): void {
    // Nanoseconds of the clock stay so.
    this.#restUntil.set(hash, (this.#sources.clock() + BigInt(RETRY_MS) * 1_000_000n) as UnixNano)
  }

  #forgetGone(): void {
    const standing = new Set(this.#sources.book.standing().map(({ hash }) => hash))
    for (const known of [this.#restUntil, this.#probedAt])
      for (const hash of known.keys()) if (!standing.has(hash)) known.delete(hash)
  }
}

/** A hold is told of every minute otherwise: only what another probe did not say already goes on record. */
function isNews({ probes, unable }: Extract<StepRecord, { readonly kind: 'probed' }>, effect: string): boolean {
  // Who could not look has seen nothing new.
  if (unable !== undefined) return false
  const isHeld = probes.length > 0 && probes.every(({ held }) => held)
  return isHeld ? effect !== 'probed' : effect !== 'leaks'
}

function isUnderWay({ made, steps }: KeptPlan, step: string): boolean {
  return unsettledSteps(made.plan, steps).some((one) => one.step.id === step)
}
