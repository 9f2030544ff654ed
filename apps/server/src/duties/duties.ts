import type { Answer, Body, IncidentWire } from '@holdfast/api'
import {
  type DutyDecision,
  formatRfc3339,
  parseRfc3339,
  type Rung,
  type UnixNano,
  incidentNames,
  type NamedIncident,
} from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import {
  CLOCK_STARTS,
  type ClockStart,
  disruptionStart,
  type DutyClock,
  dutiesOfHold,
  dutyClocks,
  type Regime,
  type Regimes,
} from '@holdfast/respond'
import { HttpError } from '../http/problem.ts'
import type { Outbox } from '../notices/outbox.ts'
import { Statements } from '../response/statements.ts'
import { ViewError, type ViewsClient } from '../views/client.ts'
import { HeldSpans } from './holds.ts'
import { DUTY_TICK_MS } from './limits.ts'

export type DutySources = {
  readonly recorder: Pick<Recorder, 'appendControl'>
  readonly reader: Pick<LogReader, 'eachControl' | 'controls' | 'size'>
  readonly views: Pick<ViewsClient, 'ask'>
  readonly regimes: Regimes
  readonly notices: Pick<Outbox, 'tell' | 'get'>
  readonly clock: () => UnixNano
  readonly onError: (error: unknown) => void
}

type Concerned = NamedIncident & Pick<IncidentWire, 'agents'>
/** `history`: the first of it says from which place of the log on the incident was there. */
type Known = Concerned & Pick<IncidentWire, 'history'>
type Decided = { readonly isOn: boolean; readonly by: string; readonly reason: string; readonly entry: number }
type Dated = { readonly decision: Extract<DutyDecision, { readonly incident: string }>; readonly entry: number }

const NOTICE =
  'Not legal advice: each regime is off until somebody who answers for it turns it on, and no row claims to be verified.'

/** Duties to notify. What is on, and what was stated of an incident, is put together from the log; nothing is on by itself. */
export class Duties implements Disposable {
  readonly #sources: DutySources
  readonly #statements: Statements
  readonly #decided = new Map<string, Decided>()
  readonly #dated: Dated[] = []
  readonly #held: HeldSpans
  /** Incident -> whether its case is open, by its steps in the log as far as it was read. */
  readonly #cases = new Map<string, boolean>()
  #read = 0
  #timer: NodeJS.Timeout | undefined

  constructor(sources: DutySources) {
    this.#sources = sources
    this.#statements = new Statements(sources.reader)
    this.#held = new HeldSpans(sources.reader)
    for (const { record, index } of sources.reader.controls('duty'))
      this.#note(record.decision, { by: record.by, reason: record.reason, entry: index })
  }

  /** Looks from time to time for a hold that has become one that is to be reported. */
  start(): void {
    this.#timer = setInterval(() => {
      this.look().catch(this.#sources.onError)
    }, DUTY_TICK_MS).unref()
  }

  list(): Answer<'listDuties'> {
    const { regimes } = this.#sources
    return {
      notice: NOTICE,
      reviewedBy: regimes['reviewed-by'],
      regimes: regimes.regimes.map((regime) => {
        const decided = this.#decided.get(regime.id)
        return {
          id: regime.id,
          regime: regime.regime,
          jurisdiction: regime.jurisdiction,
          trigger: regime.trigger,
          tags: [...regime.tags],
          appliesTo: [...regime['applies-to']],
          ...(regime['disruption-hours'] === undefined ? {} : { disruptionHours: regime['disruption-hours'] }),
          stages: regime.stages.map(({ id, from, recipients, says }) => ({
            id,
            from,
            recipients: [...recipients],
            says,
          })),
          source: regime.source,
          lastReviewed: regime['last-reviewed'],
          grade: regime.grade,
          enabled: decided?.isOn ?? false,
          ...(decided === undefined
            ? {}
            : { decided: { by: decided.by, reason: decided.reason, entry: decided.entry } }),
        }
      }),
    }
  }

  /** Turns a regime on or off. Throws 404 for one that is not known. */
  async decide({ regime, decision, reason }: Body<'decideDuty'>, by: string): Promise<Answer<'decideDuty'>> {
    this.#regime(regime)
    await this.#write({ do: decision, regime }, reason, by)
    await this.look()
    return this.list()
  }

  /** States a moment or a notification. Throws 400 for a moment that no regime counts from, 404 for an unknown stage. */
  async state(id: string, body: Body<'stateDuty'>, by: string): Promise<Answer<'stateDuty'>> {
    const incident = await this.#incident(id)
    const at = body.at === undefined ? this.#sources.clock() : parseRfc3339(body.at)
    if (at === undefined) throw new HttpError(400, `"${body.at ?? ''}" is no time`)
    if (at > this.#sources.clock()) throw new HttpError(400, `${formatRfc3339(at)} is still to come: a moment has been`)
    if (body.do === 'moment') {
      if (!CLOCK_STARTS.some((start) => start === body.start && start !== 'disruption'))
        throw new HttpError(
          400,
          `no clock counts from "${body.start}"; one of ${CLOCK_STARTS.join(', ')}; Holdfast states disruption`,
        )
      const decision = { do: 'moment', incident: incident.id, start: body.start, at: formatRfc3339(at) } as const
      await this.#write(decision, body.reason, by)
    } else {
      const { regime, stage } = body
      if (!this.#regime(regime).stages.some((one) => one.id === stage))
        throw new HttpError(404, `${regime} has no stage "${stage}"`)
      const decision = { do: 'notified', incident: incident.id, regime, stage, at: formatRfc3339(at) } as const
      await this.#write(decision, body.reason, by)
    }
    await this.#tell(incident)
    return this.#wire(incident)
  }

  async show(id: string): Promise<Answer<'getDutyClocks'>> {
    return this.#wire(await this.#incident(id))
  }

  /** Clocks of the regimes that are on and concern the agents of the incident, the soonest first. */
  clocksOf(incident: Known): readonly DutyClock[] {
    const { clock } = this.#sources
    const enabled = this.#enabled()
    const names = incidentNames(incident)
    const own = this.#dated.filter(({ decision }) => names.includes(decision.incident))
    const now = clock()
    const stated = new Map<ClockStart, UnixNano>()
    const done = new Map<string, UnixNano>()
    for (const { decision } of own) {
      const at = parseRfc3339(decision.at)
      if (at === undefined) continue
      if (decision.do === 'notified') done.set(`${decision.regime}/${decision.stage}`, at)
      else for (const start of CLOCK_STARTS) if (start === decision.start) stated.set(start, at)
    }
    const [began] = incident.history
    const spans = enabled.length === 0 ? [] : this.#held.of(incident.agents, began?.position ?? 0)
    const clocks = enabled.flatMap((regime) => {
      const disruption = spans
        .flatMap(({ from, until }) => disruptionStart(regime, from, until ?? now) ?? [])
        .toSorted((a, b) => (a < b ? -1 : 1))[0]
      const starts = disruption === undefined ? stated : new Map([...stated, ['disruption', disruption] as const])
      return dutyClocks({
        regimes: [regime],
        enabled: new Set([regime.id]),
        tags: this.#tagsOf(incident),
        starts,
        done,
        now,
      })
    })
    return clocks.toSorted((a, b) => compare(dueOf(a), dueOf(b)))
  }

  /** Regimes under which such a hold of the incident's agents is itself to be reported: shown before anybody approves. */
  ofHold(incident: Concerned, hold: { readonly rung: Rung; readonly ttlMs: number }): readonly string[] {
    const { regimes } = this.#sources.regimes
    const enabled = new Set(this.#enabled().map(({ id }) => id))
    return dutiesOfHold(hold, { regimes, enabled, tags: this.#tagsOf(incident) })
  }

  /** Tells of clocks that began by themselves: holds that have lasted long enough, of incidents with a case. */
  async look(): Promise<void> {
    if (this.#enabled().length === 0) return
    const open = this.#open()
    const faults: unknown[] = []
    for (const id of open) {
      try {
        await this.#tell(await this.#incident(id))
      } catch (error) {
        // One that is found no more, or cannot be read now, must not silence the others.
        if (!(error instanceof ViewError && error.status === 404)) faults.push(error)
      }
    }
    if (faults.length > 0) throw new AggregateError(faults, `${faults.length} incidents could not be looked at`)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  /** One notice for each clock that runs; the same one is told once, whatever joined the incident since. */
  async #tell(incident: Known): Promise<void> {
    const { notices, clock: now } = this.#sources
    for (const { regime, stage, recipients, clock, says } of this.clocksOf(incident)) {
      if (clock.status === 'waiting' || clock.status === 'done') continue
      const due = clock.status === 'at-once' ? 'without undue delay' : `until ${formatRfc3339(clock.dueAt)}`
      const ids = incidentNames(incident).map((name) => `duty:${name}:${regime}:${stage}:${clock.startedAt}`)
      const [id = ''] = ids
      if (ids.some((one) => notices.get(one) !== undefined)) continue
      await notices.tell({
        id,
        kind: 'duty-started',
        incident: incident.id,
        severity: 'high',
        title: `${regime}: notify ${recipients.join(', ')} ${due}`,
        lines: [says, `counted from ${formatRfc3339(clock.startedAt)}`, NOTICE],
        for: ['compliance'],
        path: `/incidents/${encodeURIComponent(incident.id)}`,
        at: now(),
      })
    }
  }

  /** Incidents with a case that is not closed, or of which something was stated. */
  #open(): ReadonlySet<string> {
    const { reader } = this.#sources
    const to = reader.size()
    for (const { record } of reader.eachControl('case-step', { from: this.#read, to })) {
      const { kind } = record.deed
      if (kind === 'opened' || kind === 'closed') this.#cases.set(record.incident, kind === 'opened')
    }
    this.#read = to
    const all = [...this.#dated.map(({ decision }) => decision.incident), ...this.#cases.keys()]
    return new Set(all.filter((id) => this.#cases.get(id) !== false))
  }

  /** Data classes that somebody stated of the agents: regimes concern those. */
  #tagsOf({ agents }: Concerned): ReadonlySet<string> {
    const words = agents.flatMap((agent) => this.#statements.of(agent, 'data-classes')?.value.split(',') ?? [])
    return new Set(words.map((word) => word.trim()).filter((word) => word !== ''))
  }

  #enabled(): readonly Regime[] {
    return this.#sources.regimes.regimes.filter(({ id }) => this.#decided.get(id)?.isOn === true)
  }

  #regime(id: string): Regime {
    const found = this.#sources.regimes.regimes.find((regime) => regime.id === id)
    if (found !== undefined) return found
    throw new HttpError(
      404,
      `no regime "${id}"; there are ${this.#sources.regimes.regimes.map((one) => one.id).join(', ')}`,
    )
  }

  async #incident(id: string): Promise<IncidentWire> {
    return JSON.parse(await this.#sources.views.ask('getIncident', { incident: id })) as IncidentWire // the worker's answer to this question
  }

  async #write(decision: DutyDecision, reason: string, by: string): Promise<void> {
    const { from: entry } = await this.#sources.recorder.appendControl({ kind: 'duty', decision, reason, by })
    this.#note(decision, { by, reason, entry })
  }

  #note(decision: DutyDecision, { by, reason, entry }: Omit<Decided, 'isOn'>): void {
    switch (decision.do) {
      case 'enabled':
      case 'disabled':
        this.#decided.set(decision.regime, { isOn: decision.do === 'enabled', by, reason, entry })
        return
      case 'moment':
      case 'notified':
        this.#dated.push({ decision, entry })
    }
  }

  #wire(incident: Known): Answer<'getDutyClocks'> {
    return {
      incident: incident.id,
      notice: NOTICE,
      clocks: this.clocksOf(incident).map(({ regime, stage, recipients, says, from, clock }) => ({
        regime,
        stage,
        recipients: [...recipients],
        says,
        from,
        status: clock.status,
        ...('startedAt' in clock ? { startedAt: formatRfc3339(clock.startedAt) } : {}),
        ...('dueAt' in clock ? { dueAt: formatRfc3339(clock.dueAt) } : {}),
        ...(clock.status === 'done' ? { doneAt: formatRfc3339(clock.at), isLate: clock.isLate } : {}),
      })),
    }
  }
}

/** Later than any time of ours stands what waits or is done. */
function dueOf({ clock }: DutyClock): bigint {
  if ('dueAt' in clock) return clock.dueAt
  return 'startedAt' in clock ? clock.startedAt : 1n << 64n
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
