import type { Answer, IncidentWire, Query } from '@holdfast/api'
import { decisionOn } from '../detector/decisions.ts'
import { finished, type StepsOfWork } from '@holdfast/detect'
import { type ExecutionGraph, parseRfc3339 } from '@holdfast/model'
import { sizeAt } from '../inventory/find-size.ts'
import type { Exportable } from '../views/messages.ts'
import type { Views } from '../views/views.ts'
import type { GroupDoc } from './docs.ts'
import { incidentGraph } from './incident-graph.ts'
import { IncidentRows } from './incident-rows.ts'
import type { Judge, ShownIncident } from './judge.ts'
import { GRAPHS_READ } from './limits.ts'
import type { CaseSources } from './case-reader.ts'
import { type LensReading, readLenses } from '../reports/lens-reading.ts'
import { readReport, type ReportReading } from '../reports/reading.ts'
import { DeedIndex } from '../timeline/deed-index.ts'
import { timelineOf } from '../timeline/timeline.ts'
import { reportOfId } from './reports.ts'
import { incidentWire, rowWire } from './wire.ts'

/** Questions on incidents, by route name; the value is what the route's handler needs. */
export type IncidentQuestions = {
  listIncidents: { readonly query: Query<'listIncidents'> }
  getIncident: { readonly incident: string }
  getIncidentEvidence: { readonly incident: string }
  trainDetector: { readonly salt: string }
  getIncidentReport: { readonly report: string }
  /** {@link ReportReading}: what a report is made of. */
  getReportJson: { readonly incident: string }
  getIncidentTimeline: { readonly incident: string; readonly limit?: number | undefined }
  /** {@link LensReading} */
  getLenses: { readonly incident: string }
}

export type IncidentQuestion = keyof IncidentQuestions

export function isIncidentQuestion(question: string): question is IncidentQuestion {
  return (
    question === 'listIncidents' ||
    question === 'getIncident' ||
    question === 'getIncidentEvidence' ||
    question === 'getIncidentReport' ||
    question === 'getReportJson' ||
    question === 'getLenses' ||
    question === 'getIncidentTimeline' ||
    question === 'trainDetector'
  )
}

const PAGE = 100

/** Answers from the incidents projection; one incident is read anew from the log each time. */
export class IncidentQueries {
  readonly #store: CaseSources['store']
  readonly #reader: CaseSources['reader']
  readonly #rows: IncidentRows
  readonly #judge: Judge
  readonly #views: Views
  readonly #deeds: DeedIndex

  constructor(
    { store, reader }: Pick<CaseSources, 'store' | 'reader'>,
    { judge, views }: { readonly judge: Judge; readonly views: Views },
  ) {
    this.#store = store
    this.#reader = reader
    this.#rows = new IncidentRows(store)
    this.#judge = judge
    this.#views = views
    this.#deeds = new DeedIndex(reader)
  }

  /** Step by step: the cases of an incident may be large, and other questions are answered while they are read. */
  *answering(question: IncidentQuestion, args: unknown): StepsOfWork<unknown> {
    switch (question) {
      case 'listIncidents':
        return this.#list((args as IncidentQuestions['listIncidents']).query) // ViewsClient.ask types the arguments by the question
      case 'getIncident':
        return yield* this.#show((args as IncidentQuestions['getIncident']).incident)
      case 'trainDetector':
        return yield* this.#judge.training((args as IncidentQuestions['trainDetector']).salt)
      case 'getIncidentReport':
        return reportOfId(this.#store, (args as IncidentQuestions['getIncidentReport']).report)
      case 'getReportJson':
        return yield* this.#reading((args as IncidentQuestions['getReportJson']).incident)
      case 'getIncidentTimeline':
        return yield* this.#timeline(args as IncidentQuestions['getIncidentTimeline'])
      case 'getLenses':
        return yield* this.#lenses((args as IncidentQuestions['getLenses']).incident)
      case 'getIncidentEvidence':
        return yield* this.#evidence((args as IncidentQuestions['getIncidentEvidence']).incident)
    }
  }

  #list(query: Query<'listIncidents'>): Answer<'listIncidents'> {
    return { ...this.#listed(query), waiting: this.#judge.waiting(), failed: this.#judge.failed() }
  }

  /** Without what waits, which may be thousands to count. */
  #listed(query: Query<'listIncidents'>): Omit<Answer<'listIncidents'>, 'waiting' | 'failed'> {
    const { agent, conversation, type, outcome = 'incident', offset = 0, limit = PAGE, updated_since: since } = query
    const isOlder = this.#olderThan(since)
    const { groups, withheld } =
      agent === undefined ? this.#rows.ofAll() : { groups: this.#rows.ofAgent(agent), withheld: 0 }
    const rows = groups
      .flatMap((group) => {
        const decision = decisionOn(this.#store, group.first)
        return isOlder(group, decision?.entry ?? 0) ? [] : [rowWire(group, decision)]
      })
      .filter(
        (row) =>
          (outcome === 'all' || row.outcome === outcome) &&
          (type === undefined || row.type === type) &&
          (conversation === undefined || row.conversations.includes(conversation)),
      )
    return {
      items: rows.slice(offset, offset + limit),
      total: rows.length,
      withheld,
    }
  }

  /**
   * Tells rows of which nothing was recorded since an instant, nobody decided, and nothing was concluded: whoever asks from one answer
   * to the next would never hear of what was judged between them, of acts from before.
   */
  #olderThan(since: string | undefined): (group: GroupDoc, decidedEntry: number) => boolean {
    const at = since === undefined ? undefined : parseRfc3339(since)
    if (at === undefined) return () => false
    const from = sizeAt(this.#reader, at - 1n)
    return ({ lastActEntry, filedMs = 0 }, decidedEntry) =>
      // Of the millisecond in which it was filed all counts.
      lastActEntry < from && decidedEntry < from && BigInt(filedMs + 1) * 1_000_000n <= at
  }

  /** Incidents that have this conversation, the latest first. */
  rowsOf(conversation: string): readonly { readonly id: string; readonly headline: string }[] {
    const query = { conversation, outcome: 'all' } as const
    return this.#listed(query).items
  }

  /** Incidents and attempts of an agent, with their conversations. */
  ofAgent(agent: string): readonly { readonly id: string; readonly conversations: readonly string[] }[] {
    return this.#listed({ agent, outcome: 'all', limit: PAGE }).items
  }

  /** The bundle of an incident: everything of its conversations, and what was concluded from it. */
  exportable(id: string): Exportable | undefined {
    const found = finished(this.#show(id))
    if (found === undefined) return undefined
    const exportable = this.#views.exportable(found.conversations, found.id)
    if (exportable === undefined) return undefined
    return { ...exportable, files: [...exportable.files, ['incident.json', JSON.stringify(found)]] }
  }

  *#evidence(id: string): StepsOfWork<Answer<'getIncidentEvidence'> | undefined> {
    const incident = (yield* this.#judge.showing(id))?.incident
    if (incident === undefined) return undefined
    const status = this.#views.evidenceOf(incident.conversations, incident.id)
    if (status === undefined) return undefined
    const { conversation: _name, ...rest } = status
    // The answer is written as JSON, for which read-only lists are lists.
    return {
      incident: incident.id,
      conversations: [...incident.conversations],
      ...rest,
    } as unknown as Answer<'getIncidentEvidence'>
  }

  *#reading(id: string): StepsOfWork<ReportReading | undefined> {
    const found = yield* this.#judge.showing(id)
    if (found === undefined) return undefined
    const { incident } = found
    const wire = yield* this.#wired(found)
    const united = this.#views.united(incident.conversations, incident.id)
    const evidence = this.#views.evidenceOf(incident.conversations, incident.id)
    if (united === undefined || evidence === undefined) return undefined
    return yield* readReport({ incident, wire, united, evidence, reader: this.#reader, places: this.#deeds })
  }

  *#timeline({
    incident: id,
    limit,
  }: IncidentQuestions['getIncidentTimeline']): StepsOfWork<Answer<'getIncidentTimeline'> | undefined> {
    const incident = (yield* this.#judge.showing(id))?.incident
    const united = incident === undefined ? undefined : this.#views.united(incident.conversations, incident.id)
    if (incident === undefined || united === undefined) return undefined
    return yield* timelineOf({ incident, united, reader: this.#reader, index: this.#deeds, limit })
  }

  *#lenses(id: string): StepsOfWork<LensReading | undefined> {
    const incident = (yield* this.#judge.showing(id))?.incident
    const united = incident === undefined ? undefined : this.#views.united(incident.conversations, incident.id)
    if (incident === undefined || united === undefined) return undefined
    return yield* readLenses({ incident, united, reader: this.#reader })
  }

  *#show(id: string): StepsOfWork<IncidentWire | undefined> {
    const found = yield* this.#judge.showing(id)
    return found === undefined ? undefined : yield* this.#wired(found)
  }

  *#wired({ incident, repeats, stages }: ShownIncident): StepsOfWork<IncidentWire> {
    yield
    const graphs = incident.conversations.slice(0, GRAPHS_READ).flatMap((conversation) => {
      const graph = this.#views.answer('getGraph', { conversation, query: {} }) as ExecutionGraph | undefined // the route's own answer
      return graph === undefined ? [] : [graph]
    })
    return incidentWire(incident, {
      repeats,
      graph: incidentGraph(incident, graphs),
      stages,
      decision: decisionOn(this.#store, incident),
    })
  }
}
