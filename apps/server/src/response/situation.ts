import type { Answer, IncidentWire, Query } from '@holdfast/api'
import type { Rung } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import {
  type CaseState,
  type Decision,
  HOLD_TTL_MS,
  type LadderInputs,
  type ResponseScope,
  selectRung,
} from '@holdfast/respond'
import { type InputLine, ladderInputs } from '../ladder/inputs.ts'
import { statedOf } from '../ladder/stated.ts'
import type { ViewsClient } from '../views/client.ts'
import { Statements } from './statements.ts'

export type SituationSources = {
  readonly views: Pick<ViewsClient, 'ask'>
  readonly reader: Pick<LogReader, 'eachControl' | 'size'>
  readonly caseOf: (incident: IncidentWire) => CaseState | undefined
  /** The rung of a plan of the incident that stands and that a probe got through. */
  readonly failedProbe: (incident: IncidentWire) => Rung | undefined
  readonly scopeOf: (incident: IncidentWire) => Promise<ResponseScope>
  /** Regimes that are on and under which such a hold of the incident's agents is to be reported. */
  readonly dutiesOf: (
    incident: IncidentWire,
    hold: { readonly rung: Rung; readonly ttlMs: number },
  ) => Promise<readonly string[]>
}

/** An incident as the ladder sees it at one moment. */
export type Situation = {
  readonly incident: IncidentWire
  readonly evidence: Answer<'getIncidentEvidence'>
  readonly isSealed: boolean
  readonly inputs: LadderInputs
  /** The same for people, with who says so. */
  readonly lines: readonly InputLine[]
  readonly decision: Decision
}

/** Reads everything that a rung is chosen by. Nothing is recorded, because nothing is done. */
export class Situations {
  readonly #sources: SituationSources
  readonly #statements: Statements

  constructor(sources: SituationSources) {
    this.#sources = sources
    this.#statements = new Statements(sources.reader)
  }

  /** `told`: answers of people for this moment, which go before what is known. Throws where there is no such incident. */
  async of(id: string, told: Query<'planIncident'> = {}): Promise<Situation> {
    const { views, caseOf, failedProbe, dutiesOf } = this.#sources
    const incident = await this.incident(id)
    const evidence = JSON.parse(
      await views.ask('getIncidentEvidence', { incident: incident.id }),
    ) as Answer<'getIncidentEvidence'> // the worker's answer to this question
    const isSealed = (caseOf(incident)?.seals.length ?? 0) > 0
    const { inputs, lines } = ladderInputs({
      incident,
      evidence,
      isSealed,
      stated: statedOf(incident.actors, (agent, field) => this.#statements.of(agent, field)?.value),
      // The softest hold that disrupts a service: one that is softer has no duty, and a harder one no fewer.
      duties: await dutiesOf(incident, { rung: 'soft-quarantine', ttlMs: HOLD_TTL_MS }),
      failedProbe: failedProbe(incident),
      told,
    })
    return { incident, evidence, isSealed, inputs, lines, decision: selectRung(inputs) }
  }

  async incident(id: string): Promise<IncidentWire> {
    return JSON.parse(await this.#sources.views.ask('getIncident', { incident: id })) as IncidentWire // as above
  }

  /** Regimes under which such a hold of its agents, for as long as holds last by themselves, is to be reported. */
  async dutiesOf(incident: IncidentWire, rung: Rung): Promise<readonly string[]> {
    return rung === 'watch' ? [] : this.#sources.dutiesOf(incident, { rung, ttlMs: HOLD_TTL_MS })
  }

  /** What the incident reached, by what could be cut away. */
  scopeOf(incident: IncidentWire): Promise<ResponseScope> {
    return this.#sources.scopeOf(incident)
  }

  /** Position of the log up to which the incident was judged: its newest revision. */
  static judgedAt({ history }: IncidentWire): number {
    return Math.max(0, ...history.map(({ position }) => position))
  }
}
