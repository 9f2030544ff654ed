import type { Answer, CaseDeedWire, IncidentWire } from '@holdfast/api'
import {
  type CaseAction,
  type CaseDeed,
  type CaseEvent,
  caseOf,
  type CaseState,
  cellOf,
  FACTS,
  isFactName,
  type Matrix,
  misfitOf,
  PHASES,
  type Proof,
  RUNG_NATURE,
  step,
  typeOf,
} from '@holdfast/respond'
import type { ContainmentRecord, UnixNano } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import { HttpError } from '../http/problem.ts'
import type { ViewsClient } from '../views/client.ts'
import { eventOf, recordOf } from './case-steps.ts'
import type { FactSource, ProgramFact } from './fact-source.ts'
import { caseWire, nameOf } from './wire.ts'

export type CaseSources = {
  readonly recorder: Pick<Recorder, 'appendControl' | 'signCheckpoint' | 'size'>
  readonly reader: Pick<LogReader, 'controls' | 'entry'>
  readonly views: Pick<ViewsClient, 'ask'>
  readonly matrix: Matrix
  /** Everything that can look at something for a case. */
  readonly facts: readonly FactSource[]
  readonly clock: () => UnixNano
}

type Kept = { readonly events: readonly CaseEvent[]; readonly state: CaseState | undefined }
type Refused = ReturnType<typeof caseOf>['refused']

/**
 * Cases, put together from their steps in the log. A step is decided by the runbook, recorded, and only then in force (FC3);
 * what the program can see for itself is stated by it at each turn.
 */
export class Cases {
  readonly #sources: CaseSources
  readonly #kept = new Map<string, Kept>()
  readonly #refused = new Map<string, Refused>()
  /** The step that is being taken; the next one waits, so that two of them never pass the same condition. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(sources: CaseSources) {
    this.#sources = sources
    const steps = sources.reader
      .controls('case-step')
      .flatMap(({ record, index, recordedAt }) =>
        record.kind === 'case-step'
          ? [{ incident: record.incident, event: eventOf(record, { index, recordedAt }) }]
          : [],
      )
    for (const [incident, some] of Map.groupBy(steps, (one) => one.incident)) {
      const events = some.map(({ event }) => event)
      const { state, refused } = caseOf(sources.matrix, events)
      this.#kept.set(incident, { events, state })
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

  /** Everything on record of its case; undefined where none was opened. */
  stateOf(incident: Pick<IncidentWire, 'id' | 'alsoKnownAs'>): CaseState | undefined {
    return this.#kept.get(this.#nameOf(incident))?.state
  }

  /** How its case ended; undefined while it has not. */
  endOf(incident: IncidentWire): IncidentWire['end'] {
    const end = this.#kept.get(this.#nameOf(incident))?.state?.end
    return end === undefined ? undefined : { resolution: end.resolution, reason: end.reason, by: nameOf(end.by) }
  }

  /**
   * Takes one step; without a name the program does, which may open, seal and classify. Throws 409 with what does not hold, and 400
   * for what no runbook knows.
   */
  take(id: string, deed: CaseDeedWire, by: string | undefined): Promise<Answer<'stepCase'>> {
    const taken = this.#turn.then(() => this.#take(id, deed, by))
    this.#turn = taken.catch(() => undefined)
    return taken
  }

  /** Puts a step of a containment into the open cases of its agent. Resolves once they have it. */
  noteContainment(record: ContainmentRecord): Promise<void> {
    const noted = this.#turn.then(() => this.#noteContainment(record))
    this.#turn = noted.catch(() => undefined)
    return noted
  }

  /** Puts what became of a step of a response plan into the case of its incident. Resolves once it is there; without a case at once. */
  noteAction(incident: Pick<IncidentWire, 'id' | 'alsoKnownAs'>, action: CaseAction): Promise<void> {
    const noted = this.#turn.then(async () => {
      const name = this.#nameOf(incident)
      const state = this.#kept.get(name)?.state
      if (state === undefined || state.end !== undefined) return
      await this.#append(name, { kind: 'action', action }, undefined)
    })
    this.#turn = noted.catch(() => undefined)
    return noted
  }

  async #noteContainment({ containment, plan, planHash, state, response }: ContainmentRecord): Promise<void> {
    // What was asked for and what was refused has done nothing to anybody; what a plan does is told by the plan.
    if (state === 'requested' || state === 'refused' || response !== undefined) return
    const { rung, agent, agentName } = plan
    const action: CaseDeed = {
      kind: 'action',
      action: {
        id: containment,
        words: `${rung} of ${agentName}`,
        rung,
        isReversible: RUNG_NATURE[rung].isReversible,
        state,
        planHash,
      },
    }
    for (const [name, kept] of this.#kept) {
      if (kept.state === undefined || kept.state.end !== undefined) continue
      const { agents } = await this.#incident(name)
      if (agents.includes(agent)) await this.#append(name, action, undefined)
    }
  }

  async #take(id: string, deed: CaseDeedWire, by: string | undefined): Promise<Answer<'stepCase'>> {
    const incident = await this.#incident(id)
    const name = this.#nameOf(incident)
    if (deed.do === 'open') await this.#open(incident, by)
    else if (deed.do === 'seal') await this.#seal(incident)
    else {
      if (deed.do === 'open-phase' || deed.do === 'close-phase') await this.#stateFacts(incident)
      await this.#append(name, this.#deedOf(deed, incident), by)
    }
    return this.#wire(incident)
  }

  /** Opened and sealed in one go: whatever is done later, the evidence of this moment is fixed. */
  async #open(incident: IncidentWire, by: string | undefined): Promise<void> {
    const [began] = incident.history
    const graphAt = (began === undefined ? undefined : this.#sources.reader.entry(began.position))?.recordedAt
    const deed: CaseDeed = { kind: 'opened', incident: incident.id, graphAt: graphAt ?? this.#sources.clock() }
    // One that was opened under an earlier id is open already, and says so.
    await this.#append(this.#nameOf(incident), deed, by)
    await this.#seal(incident)
    await this.#stateFacts(incident)
  }

  async #seal(incident: IncidentWire): Promise<void> {
    const { recorder, views } = this.#sources
    const { completeness } = JSON.parse(
      await views.ask('getIncidentEvidence', { incident: incident.id }),
    ) as Answer<'getIncidentEvidence'> // the worker's answer to this question
    const { size, rootHash } = await recorder.signCheckpoint()
    await this.#append(this.#nameOf(incident), { kind: 'sealed', seal: { size, rootHash, completeness } }, undefined)
  }

  /** Records what the program sees where that is news. */
  async #stateFacts(incident: IncidentWire): Promise<void> {
    const name = this.#nameOf(incident)
    for (const deed of await this.#seen(incident)) {
      const known = this.#kept.get(name)?.state?.facts.get(deed.fact)
      if (known?.value !== deed.value) await this.#append(name, deed, undefined)
    }
  }

  async #append(name: string, deed: CaseDeed, by: string | undefined): Promise<void> {
    const { recorder, reader, matrix, clock } = this.#sources
    const kept = this.#kept.get(name) ?? { events: [], state: undefined }
    const record = recordOf(name, deed, by)
    // The place is known once it is recorded; nothing is decided by it.
    const tried = step(matrix, kept.state, eventOf(record, { index: Number.MAX_SAFE_INTEGER, recordedAt: clock() }))
    if (tried.status === 'refused') throw new HttpError(409, tried.reason)
    const { from } = await recorder.appendControl(record)
    // As the log has it, so that reading it again gives the same case.
    const event = eventOf(record, { index: from, recordedAt: reader.entry(from)?.recordedAt ?? clock() })
    const done = step(matrix, kept.state, event)
    this.#kept.set(name, {
      events: [...kept.events, event],
      state: done.status === 'accepted' ? done.state : kept.state,
    })
  }

  #deedOf(deed: Exclude<CaseDeedWire, { readonly do: 'open' | 'seal' }>, incident: IncidentWire): CaseDeed {
    switch (deed.do) {
      case 'classify': {
        const { confidence = 0 } = incident.columns.find(({ type }) => type === deed.type) ?? {}
        return { kind: 'classified', type: deed.type, confidence, reason: deed.reason }
      }
      case 'state':
        return { kind: 'fact', ...this.#factOf(deed), proof: this.#proofOf(deed) }
      case 'open-phase':
        return { kind: 'phase-opened', type: this.#typeOf(incident), phase: deed.phase }
      case 'close-phase':
        return { kind: 'phase-closed', type: this.#typeOf(incident), phase: deed.phase }
      case 'finish-task':
        return {
          kind: 'task-done',
          ...this.#placeOf('tasks', deed.task, incident),
          task: deed.task,
          proof: this.#proofOf(deed),
        }
      case 'attach':
        return {
          kind: 'evidence',
          ...this.#placeOf('evidence', deed.evidence, incident),
          evidence: deed.evidence,
          proof: this.#proofOf(deed),
        }
      case 'settle':
        return { kind: 'action-settled', action: deed.action, how: deed.how, reason: deed.reason }
      case 'close':
        return { kind: 'closed', resolution: deed.resolution, reason: deed.reason }
    }
  }

  /** The open phase of the runbook that has a task or a piece of evidence of this name, else the first that has. */
  #placeOf(list: 'tasks' | 'evidence', id: string, incident: IncidentWire) {
    const type = this.#typeOf(incident)
    const state = this.#kept.get(this.#nameOf(incident))?.state
    const cells = this.#sources.matrix[type].cells.filter((cell) => cell[list].some((one) => one.id === id))
    const cell = cells.find(({ phase }) => isOpen(state, type, phase)) ?? cells[0]
    if (cell === undefined) {
      const names = this.#sources.matrix[type].cells.flatMap((one) => one[list].map((item) => item.id))
      throw new HttpError(400, `the runbook of ${type} has no "${id}" among its ${list}: ${names.join(', ')}`)
    }
    // Evidence has no team; a task's is the runbook's word.
    const team = cell.tasks.find((task) => task.id === id)?.team ?? cell.owner
    return { type, phase: cell.phase, team }
  }

  #factOf({ fact, value }: Extract<CaseDeedWire, { readonly do: 'state' }>) {
    if (!isFactName(fact)) {
      const names = Object.entries(FACTS).flatMap(([name, { from }]) =>
        from === 'person' || from === 'either' ? [name] : [],
      )
      throw new HttpError(400, `no runbook knows a fact "${fact}"; a person can state ${names.join(', ')}`)
    }
    const misfit = misfitOf(fact, value)
    if (misfit !== undefined) throw new HttpError(400, misfit)
    return { fact, value }
  }

  /** What is not in the log proves nothing. */
  #proofOf({ entries, digest }: { readonly entries: readonly number[]; readonly digest?: string | undefined }): Proof {
    const { size } = this.#sources.recorder
    const beyond = entries.find((entry) => entry >= size)
    if (beyond !== undefined) throw new HttpError(400, `there is no log entry ${beyond}: the log ends at ${size - 1}`)
    return { entries, ...(digest === undefined ? {} : { digest }) }
  }

  #typeOf(incident: IncidentWire): IncidentWire['type'] {
    const state = this.#kept.get(this.#nameOf(incident))?.state
    if (state === undefined) throw new HttpError(409, 'the case is not open: open it first')
    const type = typeOf(state)
    // DET-5: no runbook before exactly one type is accepted.
    if (type === undefined) throw new HttpError(409, 'no type is accepted: classify the incident first')
    return type
  }

  async #incident(id: string): Promise<IncidentWire> {
    return JSON.parse(await this.#sources.views.ask('getIncident', { incident: id })) as IncidentWire // the worker's answer to this question
  }

  /** The name under which its case was opened: an incident may go by another id since something joined it. */
  #nameOf({ id, alsoKnownAs }: Pick<IncidentWire, 'id' | 'alsoKnownAs'>): string {
    return [id, ...alsoKnownAs].find((name) => this.#kept.get(name)?.state !== undefined) ?? id
  }

  /** What the program sees now. */
  async #seen(incident: IncidentWire): Promise<readonly ProgramFact[]> {
    const state = this.#kept.get(this.#nameOf(incident))?.state
    const seen = await Promise.all(this.#sources.facts.map(async (source) => source({ incident, state })))
    return seen.flat()
  }

  async #wire(incident: IncidentWire): Promise<Answer<'getCase'>> {
    const seen = await this.#seen(incident)
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

function isOpen(
  state: CaseState | undefined,
  type: IncidentWire['type'],
  phase: Parameters<typeof cellOf>[2],
): boolean {
  const status = state === undefined ? undefined : cellOf(state, type, phase)?.status
  return status === 'open' || status === 'reopened'
}
