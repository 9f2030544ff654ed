import type { ContainmentRecord, UnixNano } from '@holdfast/model'
import {
  dueForRelease,
  type PlanStep,
  probeAgain,
  settle,
  type StepRecord,
  takeBack,
  unsettledSteps,
} from '@holdfast/respond'
import type { Notices } from '../notices/notices.ts'
import { PROBE_EVERY_MS } from './limits.ts'
import { holdEnded, notReleased, planDone } from './plan-notices.ts'
import { isStanding, type KeptPlan, standingSteps } from './plan-state.ts'
import { type PlanWorkSources, workOn } from './plan-work.ts'
import type { Plans } from './plans.ts'
import { afterTries } from './retries.ts'

export type PlanKeeperSources = PlanWorkSources & {
  readonly plans: Pick<Plans, 'inTurn'>
  readonly notices: Notices
  /** Told where a probe of something that stood got through. */
  readonly onLeak: (kept: KeptPlan) => void
}

/**
 * Looks after what stands: settles what was under way when the program died, takes back what is due, tries again whether it
 * holds, and puts on record what ended elsewhere. Time comes in from outside. Plans of the same providers wait for each other,
 * and for nobody else: a system that is slow holds up its own plans.
 */
export class PlanKeeper {
  readonly #sources: PlanKeeperSources
  /** Plan -> what of it could not be settled or released, and when that is tried again. */
  readonly #failed = new Map<string, { readonly tries: number; readonly notBefore: UnixNano }>()
  readonly #probedAt = new Map<string, UnixNano>()
  /** Providers of the plans -> the work on them. */
  readonly #lanes = new Map<string, Promise<void>>()

  constructor(sources: PlanKeeperSources) {
    this.#sources = sources
  }

  /** To be called about once a second. Looks after everything that stands and is not being looked after. */
  begin(): void {
    const standing = this.#sources.book.standing()
    this.#forgetGone(standing)
    for (const [lane, plans] of Map.groupBy(standing, laneOf)) {
      if (this.#lanes.has(lane)) continue
      const work = this.#all(plans.map(({ hash }) => hash)).finally(() => this.#lanes.delete(lane))
      this.#lanes.set(lane, work)
    }
  }

  /** A provider that was away is there again: what waits for it is tried at the next turn, however often it failed. */
  isBack(provider: string): void {
    for (const { hash, made } of this.#sources.book.standing())
      if (made.plan.steps.some((step) => step.provider === provider)) this.#failed.delete(hash)
  }

  /** Looks after everything that stands once, when what is under way is done. */
  async tick(): Promise<void> {
    await this.idle()
    this.begin()
    await this.idle()
  }

  /** Resolves once nothing is under way. */
  async idle(): Promise<void> {
    while (this.#lanes.size > 0) await Promise.all(this.#lanes.values())
  }

  /**
   * A hold of a plan ended by its time limit, by a hand on the host, or was released by itself. That a person could not try it or not
   * release it is no end of it: what holds then is for the next probe to say.
   */
  async noteContainment(record: ContainmentRecord): Promise<void> {
    const { response, state, detail } = record
    if (response === undefined || (state !== 'released' && !isFoundOpen(record))) return
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

  /** What is over ends before anything is tried. Never rejects. */
  async #all(plans: readonly string[]): Promise<void> {
    for (const hash of plans) await this.#inTurn(hash, (kept) => this.#settleAndRelease(kept))
    for (const hash of plans) await this.#inTurn(hash, (kept) => this.#probe(kept))
  }

  async #inTurn(hash: string, act: (kept: KeptPlan) => Promise<void>): Promise<void> {
    const { plans, book, onError } = this.#sources
    await plans
      .inTurn(hash, async () => {
        const kept = book.find(hash)
        if (kept !== undefined && isStanding(kept)) await act(kept)
      })
      .catch((error: unknown) => {
        this.#rest(hash)
        onError(error, 'a response plan could not be looked after')
      })
  }

  async #settleAndRelease(kept: KeptPlan): Promise<void> {
    const { hash } = kept
    const { book, clock } = this.#sources
    if ((this.#failed.get(hash)?.notBefore ?? 0n) > clock()) return
    const isSettled = await this.#settle(kept)
    const isReleased = await this.#releaseDue(book.find(hash) ?? kept)
    if (isSettled && isReleased) this.#failed.delete(hash)
    else this.#rest(hash)
  }

  /** False where a provider is away: it is asked again after a while. */
  async #settle(kept: KeptPlan): Promise<boolean> {
    const { book, clock, notices, onLeak } = this.#sources
    const { plan } = kept.made
    const before = unsettledSteps(plan, kept.steps)
    if (before.length === 0) return true
    await settle(workOn(this.#sources, kept), kept.steps)
    const after = book.find(kept.hash) ?? kept
    if (unsettledSteps(plan, after.steps).length > 0) return false
    // Nobody heard what came of it: the program that began it is gone.
    if (before.some(({ of }) => of === 'apply')) await notices.tell(planDone(after, clock()))
    if (after.outcome.state !== 'confirmed') onLeak(after)
    return true
  }

  /** False where something of it could not be taken back, which people are told of once. */
  async #releaseDue(kept: KeptPlan): Promise<boolean> {
    const { book, clock, notices } = this.#sources
    const due = dueForRelease(kept.made.plan, kept.steps, clock())
    if (due.length === 0) return true
    await takeBack(workOn(this.#sources, kept), due, { why: 'its time limit is over', records: kept.steps })
    const after = book.find(kept.hash) ?? kept
    const states = after.outcome.steps.filter(({ step }) => due.some(({ id }) => id === step))
    for (const { step, effect, detail } of states) {
      if (effect === 'none')
        await notices.tell(holdEnded(kept, { step, detail: `its time limit is over: ${detail}` }, clock()))
      else if (!this.#failed.has(kept.hash)) await notices.tell(notReleased(kept, { step, detail }, clock()))
    }
    return states.every(({ effect }) => effect === 'none')
  }

  async #probe(kept: KeptPlan): Promise<void> {
    const { hash } = kept
    const now = this.#sources.clock()
    const last = this.#probedAt.get(hash) ?? kept.steps.findLast(({ kind }) => kind === 'probed')?.at ?? kept.appliedAt
    if (last !== undefined && now - last < BigInt(PROBE_EVERY_MS) * 1_000_000n) return
    this.#probedAt.set(hash, now)
    for (const step of standingSteps(kept)) await this.#probeStep(kept, step)
  }

  async #probeStep(kept: KeptPlan, step: PlanStep): Promise<void> {
    const { book, onLeak } = this.#sources
    const before = book.find(kept.hash)?.outcome.steps.find((one) => one.step === step.id)
    if (before === undefined || before.effect === 'unknown') return
    const found = await probeAgain(workOn(this.#sources, kept), step)
    const last = kept.steps.findLast((record) => record.step === step.id)
    if (!isNews(found, { effect: before.effect, isUnable: last?.kind === 'probed' && last.unable !== undefined }))
      return
    await workOn(this.#sources, kept).record(found)
    const after = book.find(kept.hash)
    const isLeak = after?.outcome.steps.find((one) => one.step === step.id)?.effect === 'leaks'
    if (after !== undefined && isLeak && found.unable === undefined) onLeak(after)
  }

  #rest(hash: string): void {
    const tries = (this.#failed.get(hash)?.tries ?? 0) + 1
    this.#failed.set(hash, { tries, notBefore: afterTries(tries, this.#sources.clock()) })
  }

  #forgetGone(plans: readonly KeptPlan[]): void {
    const standing = new Set(plans.map(({ hash }) => hash))
    for (const known of [this.#failed, this.#probedAt])
      for (const hash of known.keys()) if (!standing.has(hash)) known.delete(hash)
  }
}

function laneOf({ made: { plan } }: KeptPlan): string {
  return JSON.stringify([...new Set(plan.steps.map(({ provider }) => provider))].toSorted())
}

/** What was known of a step; `isUnable`: at last nothing could be tried. */
type Known = { readonly effect: string; readonly isUnable: boolean }

/** A hold is told of every minute otherwise: only what another probe did not say already goes on record. */
function isNews(
  { probes, unable }: Extract<StepRecord, { readonly kind: 'probed' }>,
  { effect, isUnable }: Known,
): boolean {
  // That what was confirmed can no longer be looked at is said once (FC5): it is no leak, and no longer known.
  if (unable !== undefined) return effect === 'probed' && !isUnable
  const isHeld = probes.length > 0 && probes.every(({ held }) => held)
  return isUnable || (isHeld ? effect !== 'probed' : effect !== 'leaks')
}

/** Its sensor says that a part of it ended, or something that was tried got through. */
function isFoundOpen({ state, by, plan, checks }: ContainmentRecord): boolean {
  return state === 'failed' && (by === `sensor ${plan.sensor}` || checks.some(({ held }) => !held))
}

function isUnderWay({ made, steps }: KeptPlan, step: string): boolean {
  return unsettledSteps(made.plan, steps).some((one) => one.step.id === step)
}
