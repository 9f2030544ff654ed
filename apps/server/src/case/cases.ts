import { incidentNames, type NamedIncident } from '@holdfast/model'
import type { Answer, CaseDeedWire, IncidentWire } from '@holdfast/api'
import {
  type CaseAction,
  type CaseDeed,
  caseOf,
  type CaseState,
  cellOf,
  type Matrix,
  MAX_CASE_STEPS,
  PHASES,
  step,
  typeOf,
  type FactName,
  type FactValue,
} from '@holdfast/respond'
import type { ContainmentRecord, UnixNano } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import { HttpError } from '../http/problem.ts'
import { oneByOne } from '../turns.ts'
import type { ViewsClient } from '../views/client.ts'
import { eventOf, recordOf } from './case-steps.ts'
import { deedOf, typeIn } from './deeds.ts'
import type { FactSource, ProgramFact } from './fact-source.ts'
import { KnownHolds } from './known-holds.ts'
import { caseWire, nameOf } from './wire.ts'

export type CaseSources = {
  readonly recorder: Pick<Recorder, 'appendControl' | 'signCheckpoint' | 'size'>
  readonly reader: Pick<LogReader, 'controls' | 'entry'>
  readonly views: Pick<ViewsClient, 'ask'>
  readonly matrix: Matrix
  /** Everything that can look at something for a case. */
  readonly facts: readonly FactSource[]
  readonly clock: () => UnixNano
  /** Told of a source of facts that could not look, where the case goes on without. */
  readonly onError: (error: unknown) => void
}

/** What another part of the program puts into a case. */
export type ProgramDeed = Extract<CaseDeed, { readonly kind: 'fact' | 'contaminated' | 'restored' }>

type Kept = { readonly steps: number; readonly state: CaseState | undefined }
type Refused = ReturnType<typeof caseOf>['refused']

/**
 * Cases, put together from their steps in the log. A step is decided by the runbook, recorded, and only then in force (FC3);
 * what the program can see for itself is stated by it at each turn.
 */
export class Cases {
  readonly #sources: CaseSources
  readonly #kept = new Map<string, Kept>()
  readonly #refused = new Map<string, Refused>()
  readonly #holds: KnownHolds
  /** The next step waits for the one that is being taken, so that two of them never pass the same condition. */
  readonly #inTurn = oneByOne()

  constructor(sources: CaseSources) {
    this.#sources = sources
    this.#holds = new KnownHolds(sources.reader)
    const steps = sources.reader.controls('case-step').map(({ record, index, recordedAt }) => ({
      incident: record.incident,
      event: eventOf(record, { index, recordedAt }),
    }))
    for (const [incident, some] of Map.groupBy(steps, (one) => one.incident)) {
      const events = some.map(({ event }) => event)
      const { state, refused } = caseOf(sources.matrix, events)
      this.#kept.set(incident, { steps: events.length, state })
      this.#refused.set(incident, refused)
    }
  }

  /** The case as it stands, with what the program sees now. Throws 404 where there is no such incident. */
  async show(id: string): Promise<Answer<'getCase'>> {
    const incident = await this.#incident(id)
    return this.#wire(incident)
  }

  /** The first phase of its runbook that is not closed; without an accepted type the one that its evidence allows. */
  phaseOf(incident: IncidentWire): IncidentWire['phase'] {
    const state = this.#kept.get(this.#nameOf(incident))?.state
    const type = state === undefined ? undefined : typeOf(state)
    if (state === undefined || type === undefined) return incident.phase
    return PHASES.find((phase) => cellOf(state, type, phase)?.status !== 'closed') ?? 'learn'
  }

  /** What is known of an incident now by the names that runbooks ask for: what the program sees goes before what was stated. */
  async factsOf(id: string): Promise<ReadonlyMap<FactName, FactValue>> {
    const incident = await this.#incident(id)
    const { seen } = await this.#look(incident)
    const stated = [...(this.stateOf(incident)?.facts ?? [])].map(([name, { value }]) => [name, value] as const)
    return new Map([...stated, ...seen.map(({ fact, value }) => [fact, value] as const)])
  }

  /** Everything on record of its case; undefined where none was opened. */
  stateOf(incident: NamedIncident): CaseState | undefined {
    return this.#kept.get(this.#nameOf(incident))?.state
  }

  /** Every case that was opened, by the name of its incident. */
  all(): ReadonlyMap<string, CaseState> {
    return new Map(
      [...this.#kept].flatMap(([name, { state }]) => (state === undefined ? [] : [[name, state] as const])),
    )
  }

  /** How its case ended; undefined while it has not. */
  endOf(incident: NamedIncident): IncidentWire['end'] {
    const end = this.#kept.get(this.#nameOf(incident))?.state?.end
    return end === undefined ? undefined : { resolution: end.resolution, reason: end.reason, by: nameOf(end.by) }
  }

  /**
   * Takes one step; without a name the program does, which may open, seal and classify. Throws 409 with what does not hold, and 400
   * for what no runbook knows.
   */
  take(id: string, deed: CaseDeedWire, by: string | undefined): Promise<Answer<'stepCase'>> {
    return this.#inTurn(() => this.#take(id, deed, by))
  }

  /** Records what another part of the program did or saw, in the case of an incident. Throws 409 where the case does not let it. */
  record(id: string, deed: ProgramDeed, by?: string): Promise<void> {
    return this.#inTurn(async () => {
      // A case outlives its incident, which a rule that is withdrawn may dissolve.
      const isCase = this.#kept.get(id)?.state !== undefined
      await this.#append(isCase ? id : this.#nameOf(await this.#incident(id)), deed, by)
    })
  }

  /** Puts what became of a step of a response plan into the case of its incident. Resolves once it is there; without a case at once. */
  noteAction(incident: NamedIncident, action: CaseAction): Promise<void> {
    return this.#inTurn(async () => {
      const name = this.#nameOf(incident)
      const state = this.#kept.get(name)?.state
      if (state === undefined || state.end !== undefined) return
      await this.#append(name, { kind: 'action', action }, undefined)
    })
  }

  /** Puts a step of a containment into the open cases of its agent. Resolves once they have it. */
  noteContainment(record: ContainmentRecord): Promise<void> {
    return this.#holds.note(record, this.#sources.clock()) ? this.catchUp(record.plan.agent) : Promise.resolve()
  }

  /**
   * Puts into every open case what was done to its agents, or to one of them, and it does not have: also what happened before
   * it was opened, and what no running server told it. Throws at the end where cases could not be looked at.
   */
  catchUp(agent?: string): Promise<void> {
    return this.#inTurn(async () => {
      const errors: unknown[] = []
      for (const [name, { state }] of this.#kept) {
        if (state === undefined || state.end !== undefined) continue
        try {
          const incident = await this.#incident(name)
          if (agent === undefined || incident.agents.includes(agent)) await this.#takeHolds(incident)
        } catch (error) {
          errors.push(error)
        }
      }
      if (errors.length > 0) throw new AggregateError(errors, `${errors.length} open cases could not be looked at`)
    })
  }

  async #take(id: string, deed: CaseDeedWire, by: string | undefined): Promise<Answer<'stepCase'>> {
    const incident = await this.#incident(id)
    if (deed.do === 'open') await this.#open(incident, by)
    await this.#takeHolds(incident)
    if (deed.do === 'seal') await this.#seal(incident)
    else if (deed.do !== 'open') {
      await this.#mayTake(incident, deed)
      if (deed.do === 'open-phase' || deed.do === 'close-phase') await this.#stateFacts(incident)
      const name = this.#nameOf(incident)
      const { matrix, recorder } = this.#sources
      const place = { matrix, incident, state: this.#kept.get(name)?.state, size: recorder.size }
      await this.#append(name, deedOf(deed, place), by)
    }
    return this.#wire(incident)
  }

  /** What the records of a case cannot know: what a person said of the incident, and what its evidence is now. */
  async #mayTake(incident: IncidentWire, deed: CaseDeedWire): Promise<void> {
    const { id, decision } = incident
    if (deed.do === 'close' && deed.resolution === 'false-positive' && decision?.decision === 'confirmed') {
      const withdraw = `holdfast incidents confirm ${id} --withdraw`
      throw new HttpError(409, `${decision.by} confirmed it in log entry ${decision.entry}: first ${withdraw}`)
    }
    const type =
      deed.do === 'close-phase' || deed.do === 'attach' ? typeIn({ state: this.stateOf(incident) }) : undefined
    if (type === undefined) return
    const none = deed.do === 'attach' && deed.notExpected !== undefined ? [deed.evidence] : []
    const said = deed.do === 'close-phase' ? this.#saidNone(incident, deed.phase) : none
    if (said.length === 0) return
    const asked = this.#sources.matrix[type].cells.flatMap(({ evidence }) => evidence)
    const { artifacts } = await this.#evidence(id)
    for (const { id: name, artifact } of asked) {
      const found = artifacts.find((one) => one.id === artifact)
      if (said.includes(name) && found !== undefined && found.expected > 0)
        throw new HttpError(
          409,
          `${name} is artifact ${found.id}, of which ${found.expected} are expected: attach entries`,
        )
    }
  }

  /** Evidence of a phase that was attached as not expected. */
  #saidNone(incident: IncidentWire, phase: (typeof PHASES)[number]): readonly string[] {
    const state = this.stateOf(incident)
    const type = state === undefined ? undefined : typeOf(state)
    const attached = state === undefined || type === undefined ? undefined : cellOf(state, type, phase)?.evidence
    return [...(attached ?? [])].flatMap(([id, { notExpected }]) => (notExpected === undefined ? [] : [id]))
  }

  async #takeHolds(incident: IncidentWire): Promise<void> {
    const state = this.stateOf(incident)
    if (state === undefined || state.end !== undefined) return
    for (const action of this.#holds.newsFor(state, incident.agents))
      await this.#append(this.#nameOf(incident), { kind: 'action', action }, undefined)
  }

  /** Opened and sealed in one go: whatever is done later, the evidence of this moment is fixed. */
  async #open(incident: IncidentWire, by: string | undefined): Promise<void> {
    const [began] = incident.history
    const graphAt = (began === undefined ? undefined : this.#sources.reader.entry(began.position))?.recordedAt
    const deed: CaseDeed = { kind: 'opened', incident: incident.id, graphAt: graphAt ?? this.#sources.clock() }
    // One that was opened under an earlier id is open already, and says so.
    await this.#append(this.#nameOf(incident), deed, by)
    await this.#seal(incident)
    // What cannot be seen now is asked for again with the first phase: an incident is not left without a case for it.
    const { seen, errors } = await this.#look(incident)
    for (const error of errors) this.#sources.onError(error)
    await this.#state(incident, seen)
  }

  async #seal(incident: IncidentWire): Promise<void> {
    const { completeness } = await this.#evidence(incident.id)
    const { size, rootHash } = await this.#sources.recorder.signCheckpoint()
    await this.#append(this.#nameOf(incident), { kind: 'sealed', seal: { size, rootHash, completeness } }, undefined)
  }

  async #evidence(incident: string): Promise<Answer<'getIncidentEvidence'>> {
    return JSON.parse(
      await this.#sources.views.ask('getIncidentEvidence', { incident }),
    ) as Answer<'getIncidentEvidence'> // the worker's answer to this question
  }

  /** Records what the program sees where that is news. Throws 503 where a part of it cannot look: nothing is decided by what it saw before. */
  async #stateFacts(incident: IncidentWire): Promise<void> {
    const { seen, errors } = await this.#look(incident)
    const [error] = errors
    if (error !== undefined) {
      const why = error instanceof Error ? error.message : 'nothing more is known'
      throw new HttpError(503, `what the phase asks for cannot be looked at now: ${why}`)
    }
    await this.#state(incident, seen)
  }

  async #state(incident: IncidentWire, seen: readonly ProgramFact[]): Promise<void> {
    for (const deed of seen) {
      const known = this.stateOf(incident)?.facts.get(deed.fact)
      if (known?.value !== deed.value) await this.#append(this.#nameOf(incident), deed, undefined)
    }
  }

  async #append(name: string, deed: CaseDeed, by: string | undefined): Promise<void> {
    const { recorder, reader, matrix, clock } = this.#sources
    const kept = this.#kept.get(name) ?? { steps: 0, state: undefined }
    // What is beyond it would not be read again.
    if (kept.steps >= MAX_CASE_STEPS) throw new HttpError(409, `a case has at most ${MAX_CASE_STEPS} steps`)
    const record = recordOf(name, deed, by)
    // The place is known once it is recorded; nothing is decided by it.
    const tried = step(matrix, kept.state, eventOf(record, { index: Number.MAX_SAFE_INTEGER, recordedAt: clock() }))
    if (tried.status === 'refused') throw new HttpError(409, tried.reason)
    const { from } = await recorder.appendControl(record)
    // As the log has it, so that reading it again gives the same case.
    const event = eventOf(record, { index: from, recordedAt: reader.entry(from)?.recordedAt ?? clock() })
    const done = step(matrix, kept.state, event)
    this.#kept.set(name, { steps: kept.steps + 1, state: done.status === 'accepted' ? done.state : kept.state })
  }

  async #incident(id: string): Promise<IncidentWire> {
    return JSON.parse(await this.#sources.views.ask('getIncident', { incident: id })) as IncidentWire // the worker's answer to this question
  }

  /** The name under which its case was opened: an incident may go by another id since something joined it. */
  #nameOf(incident: NamedIncident): string {
    return incidentNames(incident).find((name) => this.#kept.get(name)?.state !== undefined) ?? incident.id
  }

  /** What the program sees now, and what kept parts of it from looking. */
  async #look(
    incident: IncidentWire,
  ): Promise<{ readonly seen: readonly ProgramFact[]; readonly errors: readonly unknown[] }> {
    const state = this.stateOf(incident)
    const looked = await Promise.allSettled(this.#sources.facts.map(async (source) => source({ incident, state })))
    const told = looked.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
    return {
      // Of two parts that look at one thing the first decides: told in turns, it would be news each time.
      seen: told.filter(({ fact }, at) => told.findIndex((other) => other.fact === fact) === at),
      errors: looked.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : [])),
    }
  }

  async #wire(incident: IncidentWire): Promise<Answer<'getCase'>> {
    const { seen, errors } = await this.#look(incident)
    for (const error of errors) this.#sources.onError(error)
    const name = this.#nameOf(incident)
    const state = this.#kept.get(name)?.state
    return caseWire({
      matrix: this.#sources.matrix,
      incident: incident.id,
      state,
      seen,
      refused: [...(this.#refused.get(name) ?? [])],
    })
  }
}
