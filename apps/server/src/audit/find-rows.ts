import { textOfSegment, type ApiEvent, type AuditHit, type Answer } from '@holdfast/api'
import { normalise } from '@holdfast/capture'
import type { StepsOfWork } from '@holdfast/detect'
import { auditRowId, auditSubjectOf, type EventBody, type EventSummary, type Incident } from '@holdfast/model'
import { wordsOf } from './words-of.ts'
import { QuestionError } from '../views/view-sources.ts'
import type { AuditSources } from './audit-queries.ts'
import { CONVERSATIONS_LOOKED_IN, ENTRIES_PER_ID, INCIDENTS_PER_ID, ROWS_PER_ID } from './limits.ts'

/** Rows that hold an id, the one that is most likely meant first. */
export type RowsFound = Answer<'findAudit'>

type Found = { readonly event: EventSummary; readonly conversation: string }

/**
 * Finds rows by any id in them. Of an event it is the row about that event; of what is more than one act, first the incidents
 * that it is part of, then the last act with an effect.
 */
export class FindRows {
  readonly #sources: AuditSources

  constructor(sources: AuditSources) {
    this.#sources = sources
  }

  *find(asked: string): StepsOfWork<RowsFound> {
    const id = auditSubjectOf(asked.trim()) ?? asked.trim()
    const shown = yield* this.#sources.judge.showing(id)
    if (shown !== undefined) return { items: [hitOfIncident(shown.incident)], understood: 'an incident' }
    const event = this.event(id)
    if (event !== undefined)
      return {
        items: [hitOfEvent(event.event, event.conversation), ...this.#incidents([event.conversation])],
        understood: 'an event',
      }
    const calls = this.#calls(id)
    yield
    if (calls.length > 0) return this.#rowsOf(calls, 'a tool call')
    const spans = this.#spans(id)
    yield
    if (spans.length > 0) return this.#rowsOf(spans, 'a span')
    const conversations = this.#conversations(id)
    yield
    if (conversations.length > 0) {
      const acts = conversations.flatMap((conversation) => this.#lastAct(conversation) ?? [])
      return {
        items: distinct([...this.#incidents(conversations), ...acts]),
        understood: 'a conversation, trace, digest, tool or document',
      }
    }
    const named = this.#valued(id)
    return named.length > 0
      ? this.#rowsOf(named, 'a value that entered a context, such as the id of a ticket')
      : { items: [], understood: 'no id in this log' }
  }

  /** An event with the conversation whose graph has it. A kernel's view of a socket is sought where an agent claims it. */
  event(id: string): Found | undefined {
    const { views } = this.#sources
    const api = views.answer('getEvent', { event: id }) as ApiEvent | undefined // the route's own answer
    if (api === undefined) return undefined
    const own = api.trace ?? api.conversation
    const claiming = api.kind === 'connection' ? this.#conversationsAround(api) : []
    for (const conversation of [...claiming, own]) {
      const united = views.united([conversation], conversation)
      const event = united?.events.find((candidate) => candidate.id === id)
      if (united !== undefined && event !== undefined)
        return { event, conversation: united.conversations[0] ?? conversation }
    }
    return undefined
  }

  /** Conversations of the same agent at that time, without the run that the socket is a part of. */
  #conversationsAround({ agent, claimedAt, trace, conversation }: ApiEvent): readonly string[] {
    const list = this.#sources.views.answer('listConversations', {
      query: { agent: agent.id, limit: CONVERSATIONS_LOOKED_IN },
    }) as Answer<'listConversations'> // the route's own answer
    return list.items
      .filter(
        ({ id, firstClaimed, lastClaimed }) =>
          id !== trace &&
          id !== conversation &&
          BigInt(firstClaimed) <= BigInt(claimedAt) + SLACK_NS &&
          BigInt(claimedAt) <= BigInt(lastClaimed) + SLACK_NS,
      )
      .map(({ id }) => id)
  }

  #rowsOf(found: readonly Found[], understood: string): RowsFound {
    const conversations = [...new Set(found.map(({ conversation }) => conversation))]
    const events = found.map(({ event, conversation }) => hitOfEvent(event, conversation))
    return { items: distinct([...events, ...this.#incidents(conversations)]), understood }
  }

  /** Events of a tool call by the id that model and tool share: the act itself first. */
  #calls(id: string): readonly Found[] {
    const { reader } = this.#sources
    const events: string[] = []
    let left = ENTRIES_PER_ID
    for (const entry of reader.withTerm(`call:${id}`.slice(0, 300))) {
      if (left-- === 0 || events.length >= ROWS_PER_ID) break
      for (const event of normalise(entry).events)
        if ('callId' in event.body && event.body.callId === id && event.body.kind !== 'prompt') events.push(event.id)
    }
    return actsFirst(events.flatMap((event) => this.event(event) ?? []))
  }

  #spans(id: string): readonly Found[] {
    if (!/^[0-9a-f]{16}$/.test(id)) return []
    return actsFirst(
      this.#conversations(id).flatMap((conversation) =>
        (this.#sources.views.united([conversation], conversation)?.events ?? [])
          .filter(({ context }) => context.span === id)
          .map((event) => ({ event, conversation })),
      ),
    ).slice(0, ROWS_PER_ID)
  }

  /** By the box that opens any id (conversation, trace, span, digest), and by the names of tools and documents. */
  #conversations(id: string): readonly string[] {
    const { views } = this.#sources
    const { items } = views.answer('search', { q: id }) as Answer<'search'> // the route's own answer
    const paths = items.flatMap(({ href }) => /^\/conversations\/([^?]+)/.exec(href)?.[1] ?? [])
    const opened = paths.map((segment) => textOfSegment(decodeURIComponent(segment)))
    return [...new Set([...opened, ...views.naming(id)])].slice(0, ROWS_PER_ID)
  }

  #valued(id: string): readonly Found[] {
    try {
      const { items } = this.#sources.views.answer('contexts', { query: { value: id } }) as Answer<'contexts'> // as above
      return actsFirst(items.slice(0, ROWS_PER_ID).flatMap(({ event }) => this.event(event) ?? []))
    } catch (error) {
      // Too short or too common to be traced: then it finds nothing.
      if (error instanceof QuestionError) return []
      throw error
    }
  }

  #incidents(conversations: readonly string[]): readonly AuditHit[] {
    const { judge, incidentsOf } = this.#sources
    const rows = conversations.flatMap((conversation) => incidentsOf(conversation))
    return distinct(
      rows.slice(0, INCIDENTS_PER_ID).flatMap(({ id }) => {
        const incident = judge.incident(id)?.incident
        return incident === undefined ? [] : [hitOfIncident(incident)]
      }),
    )
  }

  #lastAct(conversation: string): AuditHit | undefined {
    const events = this.#sources.views.united([conversation], conversation)?.events ?? []
    const acts = events.filter(({ body }) => RANK[body.kind] === 0)
    const last = (acts.length > 0 ? acts : events)
      .toSorted((a, b) => a.entry - b.entry || (a.id < b.id ? -1 : 1))
      .at(-1)
    return last === undefined ? undefined : hitOfEvent(last, conversation)
  }
}

/** Clocks of agent and kernel differ, and spans end before what they opened is closed. */
const SLACK_NS = 60_000_000_000n

/** What is an act with an effect, and what is nearest to one. */
const RANK: Readonly<Partial<Record<EventBody['kind'], number>>> = {
  'tool-call': 0,
  egress: 0,
  connection: 0,
  process: 0,
  file: 0,
  kernel: 0,
  'api-call': 0,
  'tool-result': 1,
  'model-output': 2,
  'model-call': 3,
  prompt: 4,
}

function actsFirst(found: readonly Found[]): readonly Found[] {
  const byId = [...new Map(found.map((one) => [one.event.id, one])).values()]
  const rank = ({ event }: Found): number => RANK[event.body.kind] ?? 9
  return byId.toSorted(
    (a, b) => rank(a) - rank(b) || a.event.entry - b.event.entry || (a.event.id < b.event.id ? -1 : 1),
  )
}

function distinct(hits: readonly AuditHit[]): AuditHit[] {
  return [...new Map(hits.map((hit) => [hit.row, hit])).values()].slice(0, ROWS_PER_ID)
}

export function hitOfIncident({ id, headline, firstClaimed, agents, conversations }: Incident): AuditHit {
  const about = { kind: 'incident', id, words: headline, at: firstClaimed.toString() } as const
  return { row: auditRowId(id), ...about, agent: agents[0] ?? '', conversation: conversations[0] ?? '' }
}

function hitOfEvent(event: EventSummary, conversation: string): AuditHit {
  const about = { kind: 'event', id: event.id, words: wordsOf(event), at: event.claimedAt.toString() } as const
  return { row: auditRowId(event.id), ...about, agent: event.agent.id, conversation }
}
