import { incidentNames } from '@holdfast/model'
import type { Query } from '@holdfast/api'
import type { Rung, UnixNano } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import {
  type Approver,
  type Automatic,
  carryOut,
  chosenByPerson,
  mayApprove,
  type Notice,
  planHash,
  type Role,
  takeBack,
} from '@holdfast/respond'
import type { Cases } from '../case/cases.ts'
import { HttpError } from '../http/problem.ts'
import type { Notices } from '../notices/notices.ts'
import { oneByOne, Turns } from '../turns.ts'
import { draftPlan, nameIn } from './draft-plan.ts'
import { byReason, type Impossible, impossibleLines } from './impossible.ts'
import { approvalAsked, planDone, planReleased } from './plan-notices.ts'
import { obstaclesTo, type PlanObstaclesSources, reasonsOf } from './plan-obstacles.ts'
import { type KeptPlan, standingSteps } from './plan-state.ts'
import { type PlanWorkSources, workOn } from './plan-work.ts'
import { agentsOf } from './policy.ts'
import { previewed } from './preview-steps.ts'
import type { Situation, Situations } from './situation.ts'

export type PlanSources = PlanWorkSources &
  PlanObstaclesSources & {
    readonly recorder: Pick<Recorder, 'signCheckpoint'>
    readonly reader: Pick<LogReader, 'entry'>
    readonly situations: Pick<Situations, 'of' | 'incident' | 'scopeOf'>
    readonly cases: Pick<Cases, 'noteAction' | 'take' | 'stateOf'>
    readonly notices: Notices
    /** Told once a plan was carried out, or found leaking: somebody may have to think again. */
    readonly onOutcome: (kept: KeptPlan) => void
  }

export type MakeRequest = {
  readonly incident: string
  /** A person by name; undefined where the program asks. */
  readonly by: string | undefined
  readonly told?: Query<'planIncident'>
  /** What a person wants instead of the ladder's rung. */
  readonly rung?: Rung | undefined
  readonly rungAt?: number
  readonly ttlMs?: number | undefined
  readonly automatic: Automatic
}

/** Looks at a plan before something is done with it; throws where that is not to be done. */
type Look = (kept: KeptPlan) => void

/** Makes plans, has them approved, carries them out and takes them back. Everything is on record before it is done (FC3). */
export class Plans {
  readonly #sources: PlanSources
  readonly #turns = new Turns()
  /** Plans are let go one after the other, so that two of them never pass the same bound together. */
  readonly #atGate = oneByOne()

  constructor(sources: PlanSources) {
    this.#sources = sources
  }

  /** Opens the case where there is none, seals, chooses, asks who can do what, and records the plan. Nothing is done. */
  async make(request: MakeRequest): Promise<KeptPlan> {
    const { situations, book, clock, notices } = this.#sources
    const { incident: id, by, told = {} } = request
    const seal = await this.#seal(id, by)
    const situation = await situations.of(id, told)
    const { incident } = situation
    const { plan, previews, left: all, decision, scope } = await this.#drafted(situation, request)
    const { steps } = plan
    if (steps.length === 0)
      throw new HttpError(
        409,
        [`nothing would be done on ${decision.rung}`, ...impossibleLines(byReason(all))].join('\n'),
      )
    const { deadline } = decision
    const kept = await book.write(
      { hash: planHash(plan), incident: incident.id },
      {
        do: 'made',
        plan,
        left: all,
        previews,
        basis: {
          seal,
          completeness: situation.evidence.completeness,
          ...(deadline.kind === 'within' ? { deadlineMs: deadline.ms } : {}),
          graphAt: this.#graphAt(situation),
          why: [
            `row ${decision.row.number}: ${decision.row.words}`,
            ...decision.overlays.map(({ words }) => words),
            ...decision.assumptions,
          ],
          told,
          names: incidentNames(incident).slice(1),
          agents: agentsOf(steps).map((agent) => ({ id: agent, name: nameIn(scope, agent) })),
        },
      },
      by,
    )
    if (plan.approval.kind === 'people') await this.#tell(notices, approvalAsked(kept, situation, clock()))
    return kept
  }

  /**
   * Why no plan would come of what the ladder proposes now, by reason; nothing where one would. Asks everybody who could do
   * something, and records nothing.
   */
  async whyNone(incident: string): Promise<readonly Impossible[]> {
    const situation = await this.#sources.situations.of(incident)
    const { plan, left } = await this.#drafted(situation, { by: undefined, automatic: 'off' })
    return plan.steps.length > 0 ? [] : byReason(left)
  }

  /** What could be done of a decision, with what each step would do, and what could not. */
  async #drafted(
    situation: Situation,
    { by, rung, rungAt = 0, ttlMs, automatic }: Omit<MakeRequest, 'incident' | 'told'>,
  ) {
    const { situations, book, responders, policies, clock } = this.#sources
    const { incident, inputs } = situation
    const chosen = rung === undefined ? situation.decision : chosenByPerson(situation.decision, rung, inputs)
    const later = chosen.steps.slice(rungAt)
    const decision = { ...chosen, steps: later, rung: later[0]?.rung ?? chosen.rung }
    const scope = await situations.scopeOf(incident)
    const wanted = await draftPlan(responders, {
      incident,
      decision,
      scope,
      policy: policies.current().policy,
      by,
      automatic,
      plannedAt: clock(),
      standing: book.standing(incident).flatMap(standingSteps),
      ttlMs,
    })
    const { steps, previews, impossible } = await previewed(responders, wanted.plan.steps)
    return { plan: { ...wanted.plan, steps }, previews, left: [...wanted.left, ...impossible], decision, scope }
  }

  /** `look` is shown the plan as it is when its turn comes, and throws where it is not the one that was meant. */
  async approve(hash: string, approver: Approver, role: Role, look: Look = () => undefined): Promise<KeptPlan> {
    return await this.inTurn(hash, async () => {
      const { book, clock } = this.#sources
      const kept = this.found(hash)
      look(kept)
      const { plan } = kept.made
      const verdict = mayApprove({ plan, approvals: kept.approvals, approver, role, hash, now: clock() })
      const of = { hash, incident: plan.incident }
      const reasons = [...reasonsOf(verdict), ...(kept.appliedAt === undefined ? [] : ['it was applied already'])]
      if (reasons.length === 0) return await book.write(of, { do: 'approved', role }, approver.name)
      await book.write(of, { do: 'approval-refused', role, reasons }, approver.name)
      throw new HttpError(409, reasons.join('; '))
    })
  }

  /** Signs that the kill of this plan may lose what is not complete; it takes two. */
  async sign(hash: string, approver: Approver, reason: string): Promise<KeptPlan> {
    return await this.inTurn(hash, async () => {
      const kept = this.found(hash)
      const { plan } = kept.made
      const asked = plan.approval.kind === 'people' ? plan.approval.roles : []
      if (!asked.some((role) => approver.roles.includes(role)))
        throw new HttpError(403, `${approver.name} has none of the rights that this plan asks for: ${asked.join(', ')}`)
      if (kept.signatures.some(({ name }) => name === approver.name))
        throw new HttpError(409, `${approver.name} has signed it already: it takes two people`)
      return await this.#sources.book.write({ hash, incident: plan.incident }, { do: 'signed', reason }, approver.name)
    })
  }

  /** Carries it out, and resolves once every step was answered and probed. `look`: as for {@link approve}. */
  async apply(
    hash: string,
    by: string | undefined,
    { reason, look = () => undefined }: { readonly reason?: string | undefined; readonly look?: Look } = {},
  ): Promise<KeptPlan> {
    return await this.inTurn(hash, async () => {
      look(this.found(hash))
      await this.#letGo(hash, by, reason)
      const { onOutcome, notices, clock } = this.#sources
      await carryOut(workOn(this.#sources, this.found(hash)))
      const done = this.found(hash)
      await this.#tell(notices, planDone(done, clock()))
      onOutcome(done)
      return done
    })
  }

  /**
   * Takes back what of it is in effect, or the named steps alone: a workload may come back while its grant stays suspended. What
   * ended the workload has nothing left to undo; it may then start again.
   */
  async release(
    hash: string,
    by: string,
    { reason, steps: only }: { readonly reason: string; readonly steps?: readonly string[] | undefined },
  ): Promise<KeptPlan> {
    return await this.inTurn(hash, async () => {
      const kept = this.found(hash)
      const standing = standingSteps(kept)
      const idle = only?.filter((id) => !standing.some((step) => step.id === id)) ?? []
      if (idle.length > 0) throw new HttpError(409, `no such step of this plan is in effect: ${idle.join(', ')}`)
      const steps = only === undefined ? standing : standing.filter(({ id }) => only.includes(id))
      if (steps.length === 0) throw new HttpError(409, 'nothing of this plan is in effect')
      await this.#sources.book.write({ hash, incident: kept.made.plan.incident }, { do: 'releasing', reason }, by)
      await takeBack(workOn(this.#sources, kept), steps, { why: reason })
      const done = this.found(hash)
      const held = done.outcome.steps.filter(
        ({ step, effect }) => effect !== 'none' && steps.some(({ id }) => id === step),
      )
      if (held.length > 0)
        throw new HttpError(
          409,
          `not all was released: ${held.map(({ step, detail }) => `${step}: ${detail}`).join('; ')}`,
        )
      const { notices, clock } = this.#sources
      await this.#tell(notices, planReleased(done, { steps: steps.map(({ id }) => id), by, reason }, clock()))
      return done
    })
  }

  found(hash: string): KeptPlan {
    const kept = this.#sources.book.find(hash)
    if (kept === undefined) throw new HttpError(404, 'there is no such plan')
    return kept
  }

  /** One thing at a time for each plan: it is not released while it is still being applied. */
  inTurn<T>(hash: string, act: () => Promise<T>): Promise<T> {
    return this.#turns.take(hash, act)
  }

  /** Looks at everything that may stand against it, and puts on record that it begins, or why it does not. */
  async #letGo(hash: string, by: string | undefined, reason: string | undefined): Promise<void> {
    await this.#atGate(async () => {
      const { book } = this.#sources
      const kept = this.found(hash)
      const of = { hash, incident: kept.made.plan.incident }
      const reasons = await obstaclesTo(kept, by, this.#sources)
      if (reasons.length === 0) {
        const begun = { do: 'applying', ...(reason === undefined ? {} : { reason }) } as const
        return await book.write(of, begun, by)
      }
      await book.write(of, { do: 'apply-refused', reasons }, by)
      throw new HttpError(409, reasons.join('; '))
    })
  }

  /** The evidence is fixed before anything is thought of: what is done later is younger than it (IR-2). */
  async #seal(incident: string, by: string | undefined): Promise<KeptPlan['made']['basis']['seal']> {
    const { cases, situations } = this.#sources
    const found = await situations.incident(incident)
    await cases.take(found.id, { do: cases.stateOf(found) === undefined ? 'open' : 'seal' }, by)
    const seal = cases.stateOf(found)?.seals.at(-1)
    if (seal === undefined) throw new HttpError(409, 'the evidence could not be sealed')
    return { size: seal.size, rootHash: seal.rootHash }
  }

  #graphAt({ incident: { history } }: Situation): UnixNano {
    const [began] = history
    const entry = began === undefined ? undefined : this.#sources.reader.entry(began.position)
    return entry?.recordedAt ?? this.#sources.clock()
  }

  /** Nothing is undone because nobody could be told. */
  async #tell(notices: Notices, notice: Notice): Promise<void> {
    try {
      await notices.tell(notice)
    } catch (error) {
      this.#sources.onError(error, 'people could not be told of a plan')
    }
  }
}
