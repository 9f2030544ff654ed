import type { ContainmentRecord, ControlRecordOf } from '@holdfast/model'
import type { ControlEntry, LogReader, Recorder } from '@holdfast/recorder'
import { type CaseDeed, type Matrix, type Notice } from '@holdfast/respond'
import type { Logger } from 'pino'
import { incidentPath, nameOfAgent, typeWords } from './incident-notice.ts'
import { STEPS_PER_TURN } from './limits.ts'
import type { Outbox } from './outbox.ts'

export type StepWatchSources = {
  readonly recorder: Pick<Recorder, 'subscribe' | 'size'>
  readonly reader: Pick<LogReader, 'eachControl'>
  readonly notices: Pick<Outbox, 'tell' | 'since' | 'list' | 'ofIncident' | 'nameOf'>
  readonly matrix: Matrix
  /** The case that an action belongs to; undefined where none has it. */
  readonly incidentOf: (action: ContainmentRecord) => string | undefined
  readonly logger: Logger
}

type Step = ControlEntry<'case-step' | 'containment'>

/** Ids of what is told here: the place of the step in the log, so that a step is told once, whenever the program ended. */
const ID = /^step:(\d+)(:|$)/

/**
 * Tells of what is done about incidents: who took one, which team has what to do, what holds and what no longer does, and its
 * end. It follows the records of the log, from where it stopped.
 */
export class StepWatch implements AsyncDisposable {
  readonly #sources: StepWatchSources
  #from = 0
  #reading: Promise<void> | undefined
  #stop: (() => void) | undefined
  #isClosed = false

  constructor(sources: StepWatchSources) {
    this.#sources = sources
  }

  start(): void {
    const { notices, recorder } = this.#sources
    const { since } = notices
    if (since === undefined) return
    const told = notices.list().notices.flatMap(({ notice }) => Number(ID.exec(notice.id)?.[1] ?? -1))
    // The newest step that was told may have more to tell: one that was told already is not told again.
    this.#from = told.reduce((a, b) => Math.max(a, b), since)
    this.#stop = recorder.subscribe(() => void this.read())
    void this.read()
  }

  /** Reads to the present end; resolves once all of it is told. */
  read(): Promise<void> {
    this.#reading ??= this.#read()
      .catch((error: unknown) => this.#sources.logger.error({ err: error }, 'steps of cases could not be told yet'))
      .finally(() => {
        this.#reading = undefined
      })
    return this.#reading
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    this.#stop?.()
    await this.#reading
  }

  async #read(): Promise<void> {
    for (;;) {
      const to = this.#sources.recorder.size
      if (this.#isClosed || to <= this.#from) return
      const steps = this.#steps(to)
      for (const step of steps.slice(0, STEPS_PER_TURN)) {
        for (const notice of this.#noticesOf(step)) await this.#sources.notices.tell(notice)
        this.#from = step.index + 1
      }
      if (steps.length <= STEPS_PER_TURN) this.#from = to
    }
  }

  #steps(to: number): readonly Step[] {
    const { reader } = this.#sources
    const range = { from: this.#from, to }
    const of = (kind: Step['record']['kind']): readonly Step[] => [
      ...reader.eachControl(kind, range).take(STEPS_PER_TURN + 1),
    ]
    return [...of('case-step'), ...of('containment')].toSorted((a, b) => a.index - b.index)
  }

  #noticesOf(step: Step): readonly Notice[] {
    const { record } = step
    return record.kind === 'case-step' ? this.#ofCase(step, record) : this.#ofContainment(step, record)
  }

  #ofCase({ index, recordedAt }: Step, record: ControlRecordOf<'case-step'>): readonly Notice[] {
    const { incident, by } = record
    const deed = record.deed as unknown as CaseDeed // written from one
    const { severity, type } = this.#standing(incident)
    const base = {
      incident,
      severity,
      ...(type === undefined ? {} : { type }),
      path: incidentPath(incident),
      at: recordedAt,
    }
    const own = { ...base, id: `step:${index}`, for: [] }
    switch (deed.kind) {
      case 'opened':
        if (by === undefined) return []
        return [{ ...own, kind: 'incident-acknowledged', title: `${by} works on incident ${incident}`, lines: [] }]
      case 'classified':
        return [
          {
            ...own,
            type: deed.type,
            kind: 'incident-classified',
            title: `${by ?? 'Holdfast'} says: ${typeWords(deed.type)}`,
            lines: [`Incident ${incident}`],
          },
        ]
      case 'phase-opened': {
        const cell = this.#sources.matrix[deed.type].cells.find(({ phase }) => phase === deed.phase)
        const teams = Map.groupBy(cell?.tasks ?? [], ({ team }) => team)
        return [...teams].map(([team, tasks]) => ({
          ...base,
          id: `step:${index}:${team}`,
          kind: 'task-assigned',
          type: deed.type,
          title: `${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'} for ${team}: ${deed.phase} of ${incident}`,
          lines: tasks.map(({ says }) => says),
          for: [team],
        }))
      }
      case 'closed':
        return [
          {
            ...own,
            kind: 'case-closed',
            title: `Incident ${incident} is closed: ${deed.resolution}`,
            lines: [`By ${by ?? 'Holdfast'}`],
          },
        ]
      case 'sealed':
      case 'fact':
      case 'task-done':
      case 'evidence':
      case 'phase-closed':
      case 'action':
      case 'action-settled':
      case 'contaminated':
      case 'restored':
        return []
    }
  }

  #ofContainment({ index, recordedAt }: Step, record: ControlRecordOf<'containment'>): readonly Notice[] {
    const { containment, plan, state, by, response } = record
    // What was asked for has done nothing yet; applied is a claim that a probe answers in the next record.
    if (state === 'requested' || state === 'refused' || state === 'applied') return []
    // How a hold of a response plan ends is told by its plan.
    if (response !== undefined && state !== 'confirmed') return []
    const incident = this.#sources.incidentOf(record) ?? ''
    const { severity, type } = this.#standing(incident)
    const name = plan.agentName === '' ? nameOfAgent(plan.agent) : plan.agentName
    return [
      {
        id: `step:${index}`,
        kind: state === 'released' ? 'hold-ended' : 'hold-changed',
        incident,
        ...(type === undefined ? {} : { type }),
        severity: state === 'failed' ? 'high' : severity,
        title: `${plan.rung} of ${name}: ${state}`,
        lines: [`By ${by}`, `Containment ${containment}`],
        for: [],
        action: { id: containment, rung: plan.rung, agent: plan.agent, agentName: name, state },
        path: incident === '' ? '/agents' : incidentPath(incident),
        at: recordedAt,
      },
    ]
  }

  /** As it was told last, under whichever of its names; what was never told pages nobody by its steps. */
  #standing(incident: string): Pick<Notice, 'severity' | 'type'> {
    const { notices } = this.#sources
    const told = notices
      .ofIncident(notices.nameOf(incident))
      .map(({ notice }) => notice)
      .findLast(({ kind }) => kind === 'incident-opened' || kind === 'incident-revised')
    return { severity: told?.severity ?? 'low', ...(told?.type === undefined ? {} : { type: told.type }) }
  }
}
