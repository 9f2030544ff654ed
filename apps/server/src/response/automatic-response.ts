import type { Answer, IncidentWire } from '@holdfast/api'
import { RUNGS, type UnixNano } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import type { Automatic } from '@holdfast/respond'
import type { Cases } from '../case/cases.ts'
import { HttpError } from '../http/problem.ts'
import type { Notices } from '../notices/notices.ts'
import { ViewError, type ViewsClient } from '../views/client.ts'
import { INCIDENTS_AT_START, INCIDENTS_REMEMBERED, INCIDENTS_WAITING } from './limits.ts'
import type { PlanBook } from './plan-book.ts'
import { nothingPlanned } from './plan-notices.ts'
import { isAnswerTo, isTakenBack, type KeptPlan } from './plan-state.ts'
import type { Plans } from './plans.ts'
import type { ResponsePolicies } from './policy.ts'
import { Retries } from './retries.ts'
import { Situations, type Situation } from './situation.ts'

export type AutomaticResponseSources = {
  readonly views: Pick<ViewsClient, 'ask'>
  readonly reader: Pick<LogReader, 'entry'>
  readonly situations: Pick<Situations, 'of'>
  readonly plans: Pick<Plans, 'make' | 'apply'>
  readonly book: PlanBook
  readonly policies: Pick<ResponsePolicies, 'current'>
  readonly cases: Pick<Cases, 'take' | 'stateOf'>
  readonly notices: Notices
  readonly clock: () => UnixNano
  readonly onError: (error: unknown, what: string) => void
}

/** What is to be planned next for an incident. */
type Next = { readonly rungAt: number }

/**
 * Answers incidents as far as the policy lets it: opens the case, seals, chooses, plans, and applies what the ladder lets go by
 * itself; for everything else it asks people. It looks at an incident when that changed, one after the other.
 */
export class AutomaticResponse {
  readonly #sources: AutomaticResponseSources
  readonly #waiting = new Set<string>()
  /** Incident -> what it was when it was looked at last. */
  readonly #thought = new Map<string, string>()
  readonly #retries = new Retries()
  #running: Promise<void> | undefined
  #isStopped = false
  #dropped = 0

  constructor(sources: AutomaticResponseSources) {
    this.#sources = sources
  }

  /** Takes up what stands since before the program started: plans that may have to climb, and incidents nobody had answered. */
  async resume(): Promise<void> {
    const { items } = JSON.parse(
      await this.#sources.views.ask('listIncidents', { query: { limit: INCIDENTS_AT_START } }),
    ) as Answer<'listIncidents'> // the worker's answer to this question
    const { book } = this.#sources
    // Made, and left when the program ended.
    const left = book.list().filter(({ made, steps }) => made.plan.approval.kind === 'automatic' && steps.length === 0)
    const plans = [...book.standing(), ...left.slice(0, INCIDENTS_AT_START)]
    this.changed([...plans.map(({ made }) => made.plan.incident), ...items.map(({ id }) => id)])
  }

  /** To be called with the ids of incidents that came or changed, and of those of which a probe got through. */
  changed(incidents: readonly string[]): void {
    for (const id of incidents) {
      if (this.#waiting.size < INCIDENTS_WAITING || this.#waiting.has(id)) this.#waiting.add(id)
      else this.#dropped += 1
    }
    this.#tellDropped()
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined
    })
  }

  /** To be called about once a second: takes up again what could not be answered, as often as that makes sense. */
  retry(): void {
    const due = this.#retries.due(this.#sources.clock())
    if (due.length > 0) this.changed(due)
  }

  /** What the queue could not take is counted and told, and looked at when it changes again. */
  #tellDropped(): void {
    if (this.#dropped === 0) return
    const dropped = new Error(`${this.#dropped} incidents were not looked at: ${INCIDENTS_WAITING} wait`)
    this.#dropped = 0
    this.#sources.onError(dropped, 'incidents wait until they change again')
  }

  /** Resolves once nothing waits. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#waiting.clear()
    await this.idle()
  }

  async #work(): Promise<void> {
    for (const id of this.#waiting) {
      if (this.#isStopped) return
      this.#waiting.delete(id)
      try {
        await this.#answer(id)
        this.#retries.succeeded(id)
      } catch (error) {
        // One that is gone since, or joined another that is told of by its own name, is nobody's to answer.
        if (error instanceof ViewError && error.status === 404) {
          this.#retries.succeeded(id)
          continue
        }
        this.#sources.onError(error, `incident ${id} could not be answered`)
        await this.#leave(id)
      }
    }
  }

  /** It is tried again later, or left to people. */
  async #leave(id: string): Promise<void> {
    const { clock, notices, onError } = this.#sources
    const at = clock()
    if (this.#retries.failed(id, at) === 'again') return
    try {
      await notices.tell({
        id: `${id}/unanswered/${at}`,
        kind: 'plan-failed',
        incident: id,
        severity: 'critical',
        title: 'an incident could not be answered without a person',
        lines: ['each try failed: the log of the server says why'],
        for: ['on-call'],
        path: `/incidents/${encodeURIComponent(id)}`,
        at,
      })
    } catch (error) {
      onError(error, `people could not be told that incident ${id} is not answered`)
    }
  }

  async #answer(id: string): Promise<void> {
    const { situations, cases } = this.#sources
    const situation = await situations.of(id)
    const { incident } = situation
    if (incident.outcome === 'attempt' || incident.decision?.decision === 'dismissed') return
    if (cases.stateOf(incident)?.end !== undefined) return
    const next = this.#nextOf(situation)
    const thought = thoughtOf(situation, next, this.#sources.policies.current().entry)
    if (next === undefined || this.#thought.get(incident.id) === thought) return
    await this.#classify(situation)
    await this.#respond(incident.id, next, thought)
    // What failed on the way is thought of again.
    this.#remember(incident.id, thought)
  }

  /** Undefined where nothing is to be done about it that is not done already. */
  #nextOf({ incident, decision }: Situation): Next | undefined {
    const { book, policies } = this.#sources
    const stands = book.rungOf(incident)
    if (stands === undefined) return this.#isAnswered(incident, policies.current().entry) ? undefined : { rungAt: 0 }
    const height = RUNGS.indexOf(stands.rung)
    const [first, second] = decision.steps
    // Judged to need more, or a probe got through.
    if (first !== undefined && RUNGS.indexOf(first.rung) > height) return { rungAt: 0 }
    const isReady = second?.gates.every(({ isOpen }) => isOpen) === true
    return stands.isConfirmed && isReady && RUNGS.indexOf(second.rung) > height ? { rungAt: 1 } : undefined
  }

  /** What was there before the policy is people's to answer, and what was planned for this judgement is not planned again. */
  #isAnswered(incident: IncidentWire, policyEntry: number): boolean {
    const { book, policies } = this.#sources
    const judgedAt = Situations.judgedAt(incident)
    if (policies.current().policy.automatic === 'off' || judgedAt < policyEntry) return true
    const rests = { type: incident.type, lastEntry: lastEntryOf(incident) }
    return book.list(incident).some((kept) => isAnswerTo(kept, judgedAt) || isTakenBack(kept, rests))
  }

  /** The program names the type where it is sure enough, and names another where it has changed its own mind; a person's word stays. */
  async #classify({ incident }: Situation): Promise<void> {
    const { cases } = this.#sources
    if (cases.stateOf(incident) === undefined) await this.#open(incident.id)
    const named = cases.stateOf(incident)?.types.at(-1)
    if (named?.by.kind === 'person' || named?.type === incident.type || incident.confidence < CONFIDENT) return
    const reason = `by its evidence: ${incident.headline}`.slice(0, 1_000)
    try {
      await cases.take(incident.id, { do: 'classify', type: incident.type, reason }, undefined)
    } catch (error) {
      // A person named it, or closed the case, since we looked: their word stays.
      if (!(error instanceof HttpError) || error.status !== 409) throw error
    }
  }

  async #open(incident: string): Promise<void> {
    try {
      await this.#sources.cases.take(incident, { do: 'open' }, undefined)
    } catch (error) {
      // A person was quicker.
      if (!(error instanceof HttpError) || error.status !== 409) throw error
    }
  }

  async #respond(incident: string, { rungAt }: Next, thought: string): Promise<void> {
    const { plans, policies } = this.#sources
    const { automatic } = policies.current().policy
    const made = await this.#made(incident, { rungAt, automatic, thought })
    if (made === undefined || made.made.plan.approval.kind !== 'automatic') return
    try {
      await plans.apply(made.hash, undefined)
    } catch (error) {
      if (!(error instanceof HttpError)) throw error
      // Refused, with its reasons on record: people are asked the same.
      await this.#made(incident, { rungAt, automatic: 'off', thought })
    }
  }

  /** Undefined where nobody can do anything of it, and people were told so. */
  async #made(
    incident: string,
    { rungAt, automatic, thought }: Next & { readonly automatic: Automatic; readonly thought: string },
  ): Promise<KeptPlan | undefined> {
    const { plans, notices, clock } = this.#sources
    try {
      return await plans.make({ incident, by: undefined, rungAt, automatic })
    } catch (error) {
      if (!(error instanceof HttpError)) throw error
      await notices.tell(nothingPlanned(incident, { why: error.message, rungAt, thought }, clock()))
      return undefined
    }
  }

  #remember(incident: string, thought: string): void {
    this.#thought.delete(incident)
    this.#thought.set(incident, thought)
    const [oldest] = this.#thought.keys()
    if (this.#thought.size > INCIDENTS_REMEMBERED && oldest !== undefined) this.#thought.delete(oldest)
  }
}

/** Below this the type is a guess, which the runbooks do not open on (rows 2 and 3). */
const CONFIDENT = 0.6

/** Where the log holds the newest of what it rests on. */
function lastEntryOf({ evidence, chain }: IncidentWire): number {
  const entries = [...evidence.for, ...chain.links].flatMap((line) => line.entries)
  return entries.reduce((last, entry) => Math.max(last, entry), 0)
}

/** Everything that could make another answer of it. */
function thoughtOf({ incident, decision }: Situation, next: Next | undefined, policyEntry: number): string {
  return JSON.stringify([
    Situations.judgedAt(incident),
    incident.type,
    decision.row.number,
    decision.steps.map(({ rung, approval }) => [rung, approval.kind]),
    next?.rungAt,
    policyEntry,
  ])
}
