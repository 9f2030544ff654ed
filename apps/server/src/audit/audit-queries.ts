import type { StepsOfWork } from '@holdfast/detect'
import { auditRow, type Hosting, type RowSubject } from '@holdfast/reconcile'
import { auditSubjectOf, type AuditRowBody, type Incident } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import type { Judge } from '../incidents/judge.ts'
import type { Views } from '../views/views.ts'
import { FindRows, type RowsFound } from './find-rows.ts'
import { gapsDuring } from './gaps-during.ts'
import { AGENTS_PER_ROW, CONVERSATIONS_PER_ROW } from './limits.ts'
import { TextReader } from './text-reader.ts'
import { wordsOf } from './words-of.ts'

/** Questions on audit rows that the projection worker answers. */
export type AuditQuestions = {
  findAudit: { readonly id: string }
  /** {@link AuditRowBody}: the row without violations and proofs, which the recording thread has. */
  getAuditRow: { readonly row: string }
}

export type AuditQuestion = keyof AuditQuestions

export function isAuditQuestion(question: string): question is AuditQuestion {
  return question === 'findAudit' || question === 'getAuditRow'
}

export type AuditSources = {
  readonly reader: LogReader
  readonly views: Views
  readonly judge: Judge
  /** Rows of the list of incidents that have this conversation. */
  readonly incidentsOf: (conversation: string) => readonly { readonly id: string; readonly headline: string }[]
  readonly hostOf: (agent: string) => Hosting | undefined
}

/** Puts rows together from graph, incident and log. */
export class AuditQueries {
  readonly #sources: AuditSources
  readonly #find: FindRows

  constructor(sources: AuditSources) {
    this.#sources = sources
    this.#find = new FindRows(sources)
  }

  *answering(question: AuditQuestion, args: unknown): StepsOfWork<AuditRowBody | RowsFound | undefined> {
    switch (question) {
      case 'findAudit':
        return yield* this.#find.find((args as AuditQuestions['findAudit']).id) // ViewsClient.ask types the arguments by the question
      case 'getAuditRow':
        return yield* this.#row((args as AuditQuestions['getAuditRow']).row) // as above
    }
  }

  *#row(row: string): StepsOfWork<AuditRowBody | undefined> {
    const id = auditSubjectOf(row)
    if (id === undefined) return undefined
    const shown = yield* this.#sources.judge.showing(id)
    if (shown !== undefined) return yield* this.#about(subjectOf(shown.incident), shown.incident.conversations)
    const found = this.#find.event(id)
    if (found === undefined) return undefined
    yield
    const { event, conversation } = found
    return yield* this.#about({ kind: 'event', event, words: wordsOf(event) }, [conversation])
  }

  *#about(subject: RowSubject, conversations: readonly string[]): StepsOfWork<AuditRowBody | undefined> {
    const { views, reader, hostOf } = this.#sources
    const name = subject.kind === 'incident' ? subject.id : (conversations[0] ?? '')
    const united = views.united(conversations.slice(0, CONVERSATIONS_PER_ROW), name)
    if (united === undefined) return undefined
    yield
    const texts = new TextReader(reader)
    const agents = [...new Set(united.events.map(({ agent }) => agent.id))].toSorted().slice(0, AGENTS_PER_ROW)
    return auditRow({
      subject,
      graph: united.graph,
      conversations: united.conversations,
      events: united.events,
      textsOf: (event) => texts.of(event),
      hostedBy: agents.map((agent) => hostOf(agent)).find((host) => host !== undefined),
      gaps: gapsDuring(reader, united.events),
      cut: {
        conversations: Math.max(0, conversations.length - CONVERSATIONS_PER_ROW),
        graph: united.cut,
      },
    })
  }
}

function subjectOf(incident: Incident): RowSubject {
  const { id, headline, firstClaimed, signals } = incident
  const quote = signals.find((signal) => signal.quote !== undefined && signal.deed !== undefined)?.quote
  return {
    kind: 'incident',
    id,
    words: headline,
    at: firstClaimed.toString(),
    deeds: [...new Set(signals.flatMap(({ deed }) => deed ?? []))],
    events: [...new Set(signals.flatMap(({ events }) => events))],
    ...(quote === undefined ? {} : { quote }),
  }
}
