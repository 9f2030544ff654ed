import { randomUUID } from 'node:crypto'
import type { Answer, BaselineWire, Body, IncidentWire, RecoveryWire } from '@holdfast/api'
import { type AgentId, formatRfc3339, incidentNames, parseRfc3339, type UnixNano } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import type { Baseline, CaseState } from '@holdfast/respond'
import type { Cases } from '../case/cases.ts'
import { HttpError } from '../http/problem.ts'
import { Statements } from '../response/statements.ts'
import type { ViewsClient } from '../views/client.ts'
import { type AgentView, agentView } from './agent-view.ts'
import { productionOf, recoveringAgent } from './recovering.ts'
import { RESTORED, Taints, timeOf } from './taints.ts'

export type RecoverySources = {
  readonly recorder: Pick<Recorder, 'appendControl'>
  readonly reader: Pick<LogReader, 'eachControl' | 'size' | 'entry'>
  readonly views: Pick<ViewsClient, 'ask'>
  readonly cases: Pick<Cases, 'all' | 'record'>
  readonly clock: () => UnixNano
  /** Told of an incident that is no more and of a case that takes no step, where it goes on with the others. */
  readonly onError: (error: unknown) => void
}

/**
 * How agents come back after an incident. What somebody decides is on record before it holds (FC3), and what was refused is as
 * well; a profile that saw an incident is never restored (FC10).
 */
export class Recovery {
  readonly #sources: RecoverySources
  readonly #taints: Taints
  readonly #statements: Statements

  constructor(sources: RecoverySources) {
    this.#sources = sources
    const { reader, cases, onError } = sources
    this.#statements = new Statements(reader)
    this.#taints = new Taints({ reader, cases, incident: (id) => this.#incident(id), onError })
  }

  async show(id: string): Promise<RecoveryWire> {
    return this.of(await this.#incident(id))
  }

  /** How far each agent of an incident has come back. */
  async of(incident: IncidentWire): Promise<RecoveryWire> {
    const { reader, clock } = this.#sources
    const since = this.#taints.firstTainted(incident)
    const agents = await Promise.all(
      incident.agents.map(async (agent) => {
        const view = this.#view(agent)
        const baseline = await view.baseline()
        return recoveringAgent({
          agent,
          name: baseline?.name ?? agent,
          incident,
          view,
          viewOf: (other) => this.#view(other),
          statements: this.#statements.about(agent),
          contaminations: this.#taints.marked(agent, baseline),
          seen: this.#taints.seenBy(agent, { observed: baseline, state: this.#caseOf(incident), since: since.at }),
          reader,
          clock,
        })
      }),
    )
    return {
      incident: incident.id,
      since: formatRfc3339(since.at),
      ...(since.entry === undefined ? {} : { sinceEntry: since.entry }),
      agents,
    }
  }

  /** Marks the profiles of all agents of an incident, and notes it in its case. */
  async mark(id: string, { since, reason }: Body<'markContaminated'>, by: string): Promise<RecoveryWire> {
    const incident = await this.#incident(id)
    const { recorder, cases } = this.#sources
    const from = since === undefined ? this.#taints.firstTainted(incident).at : timeOf('since', since)
    for (const agent of incident.agents) {
      await recorder.appendControl({
        kind: 'profile-mark',
        agent: agent as AgentId, // an agent of an incident, which the log names
        mark: 'contaminated',
        markId: `${incident.id}-${randomUUID()}`,
        from: formatRfc3339(from),
        reason: `${incident.id}: ${reason}`,
        by,
      })
      const state = this.#caseOf(incident)
      if (state !== undefined && state.end === undefined)
        await cases.record(incident.id, { kind: 'contaminated', contamination: { profile: agent, since: from } }, by)
    }
    return this.of(incident)
  }

  /** Brings a profile back as it was at a time: what was observed later counts no longer. Throws 409 where it saw an incident. */
  async restore(
    agent: AgentId,
    { at: asked, reason }: Body<'restoreBaseline'>,
    by: string,
  ): Promise<Answer<'restoreBaseline'>> {
    const baseline = await this.#baseline(agent)
    const until = timeOf('at', asked)
    const firstDay = parseRfc3339(`${baseline.firstDay ?? ''}T00:00:00Z`) ?? until
    // Where marks took out what it observed before, it had observed it all the same.
    const span = {
      observedFrom: formatRfc3339(firstDay < until ? firstDay : until),
      observedUntil: formatRfc3339(until),
    }
    const version = productionOf(agent, span)
    const obstacle = await this.#taints.obstacleOf(version, baseline)
    if (obstacle !== undefined) await this.#refuse({ action: 'baseline-restore', agent, by, why: obstacle })
    await this.#sources.recorder.appendControl({
      kind: 'profile-mark',
      agent,
      mark: 'contaminated',
      markId: `${RESTORED}${randomUUID()}`,
      from: formatRfc3339(until),
      to: baseline.asOf > span.observedUntil ? baseline.asOf : formatRfc3339((until + 1n) as UnixNano), // one step behind a time
      reason: `restored as of ${asked}: ${reason}`,
      by,
    })
    // A history ends with its newest claim; what comes after that is the agent that came back.
    const newest = timeOf('asOf', baseline.asOf)
    const at = baseline.clocks.includes('live') ? this.#sources.clock() : ((newest + 1n) as UnixNano) // one step behind a time
    return this.#comeBack(agent, version, { at, reason, by })
  }

  /** Starts a profile over on one from clean staging. Throws 409 where staging is not clean or lacks anything that is declared. */
  async rebuild(agent: AgentId, asked: Body<'rebuildBaseline'>, by: string): Promise<Answer<'rebuildBaseline'>> {
    const { staging, reason } = asked
    const { recorder, clock } = this.#sources
    const refuse = (why: string): Promise<never> => this.#refuse({ action: 'baseline-rebuild', agent, by, why })
    const at = asked.at === undefined ? clock() : timeOf('at', asked.at)
    const seen = await this.#view(staging).baseline()
    if (seen === undefined) return refuse(`nothing was observed of ${staging}`)
    if (staging === agent) return refuse('the profile of staging is another one than that which is rebuilt')
    const until = timeOf('asOf', seen.asOf)
    const span = {
      observedFrom: parseRfc3339(`${seen.firstDay ?? seen.asOf.slice(0, 10)}T00:00:00Z`) ?? until,
      observedUntil: until,
    }
    // It must be one that could come back itself.
    const obstacle = await this.#taints.obstacleOf(
      { ...span, profile: staging, version: seen.asOf, origin: 'production', parity: 'not-run', mode: 'monitoring' },
      seen,
    )
    if (obstacle !== undefined) return refuse(`the profile of ${staging} is contaminated itself: ${obstacle}`)
    const parity = await this.#view(agent).parity(staging)
    if (parity?.passed !== true)
      return refuse(`the parity gate refused: ${parity?.reason ?? 'nothing is known of this agent'}`)
    const version: Baseline = {
      ...span,
      profile: agent,
      version: `${staging} as of ${seen.asOf}`,
      origin: 'clean-staging',
      parity: 'passed',
      mode: 'monitoring',
    }
    await recorder.appendControl({
      kind: 'profile-mark',
      agent,
      mark: 'rebuild',
      markId: `rebuild-${randomUUID()}`,
      from: formatRfc3339(at),
      reason,
      by,
    })
    await recorder.appendControl({ kind: 'agent-statement', agent, field: 'parity', value: staging, reason, by })
    return this.#comeBack(agent, version, { at, reason, by })
  }

  /** It runs in monitoring from here on, and each case that marked its profile knows when it was clean again. */
  async #comeBack(
    agent: AgentId,
    baseline: Baseline,
    { at, reason, by }: { readonly at: UnixNano; readonly reason: string; readonly by: string },
  ): Promise<Answer<'restoreBaseline'>> {
    const { recorder, cases, onError } = this.#sources
    await this.#endMarks(agent, { at, by })
    await recorder.appendControl({ kind: 'agent-statement', agent, field: 'mode', value: 'monitoring', reason, by })
    const failed: unknown[] = []
    for (const [name, { end, contaminations }] of cases.all()) {
      const own = contaminations.filter(({ profile, until }) => profile === agent && until === undefined)
      if (end !== undefined || own.length === 0) continue
      try {
        await cases.record(name, { kind: 'restored', baseline }, by)
        for (const mark of own)
          if (at > mark.since)
            await cases.record(name, { kind: 'contaminated', contamination: { ...mark, until: at } }, undefined)
      } catch (error) {
        // The other cases are to know it all the same.
        failed.push(error)
        onError(error)
      }
    }
    if (failed.length > 0) throw failed[0]
    const { version, origin, mode, observedFrom, observedUntil } = baseline
    return {
      version,
      origin,
      mode,
      observedFrom: formatRfc3339(observedFrom),
      observedUntil: formatRfc3339(observedUntil),
    }
  }

  /** What it observes from its clean return on counts: marks that had no end get one. */
  async #endMarks(agent: AgentId, { at, by }: { readonly at: UnixNano; readonly by: string }): Promise<void> {
    const { recorder } = this.#sources
    const { marks = [] } = (await this.#view(agent).baseline()) ?? {}
    for (const { markId, mark, state, from, to, reason } of marks) {
      const since = from === undefined ? undefined : parseRfc3339(from)
      if (mark !== 'contaminated' || state !== 'active' || to !== undefined || since === undefined || since >= at)
        continue
      const about = { kind: 'profile-mark', agent, by } as const
      await recorder.appendControl({ ...about, mark: 'lifted', markId, reason: 'it came back clean: its end is known' })
      await recorder.appendControl({
        ...about,
        mark,
        markId: `${markId}-ended`,
        from: formatRfc3339(since),
        to: formatRfc3339(at),
        reason,
      })
    }
  }

  async #refuse(what: {
    readonly action: string
    readonly agent: string
    readonly by: string
    readonly why: string
  }): Promise<never> {
    const { action, agent, by, why } = what
    await this.#sources.recorder.appendControl({
      kind: 'operator-action',
      actionId: randomUUID(),
      action,
      by,
      target: agent,
      detail: why.slice(0, 1_000),
      outcome: 'refused',
    })
    throw new HttpError(409, `refused: ${why}`)
  }

  /** The case of an incident, also under an earlier id; undefined where none was opened. */
  #caseOf(incident: IncidentWire): CaseState | undefined {
    const all = this.#sources.cases.all()
    return incidentNames(incident)
      .map((name) => all.get(name))
      .find((state) => state !== undefined)
  }

  #view(agent: string): AgentView {
    return agentView(this.#sources.views, agent, this.#sources.clock)
  }

  async #baseline(agent: string): Promise<BaselineWire> {
    const baseline = await this.#view(agent).baseline()
    if (baseline === undefined) throw new HttpError(404, `nothing was observed of ${agent}`)
    return baseline
  }

  async #incident(id: string): Promise<IncidentWire> {
    return JSON.parse(await this.#sources.views.ask('getIncident', { incident: id })) as IncidentWire // the worker's answer to this question
  }
}
