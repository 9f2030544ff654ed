import { pathSegment, type Answer, type ContextHit, type Query, type SearchHit } from '@holdfast/api'
import { contagion, valueFingerprints, type ContextEntry } from '@holdfast/graph'
import { parseSha256, parseSpanId, parseTraceId, type EventId } from '@holdfast/model'
import { decodeDoc, type LooseDoc } from './docs.ts'
import { scanEpochs } from './epochs.ts'
import { keys, lastPart } from './keys.ts'
import type { Conversations } from './conversations.ts'
import type { ListQueries } from './list-queries.ts'
import { namesLike } from './names-like.ts'
import { namesWithWords } from './names-with-words.ts'
import { decodePosting } from './posting.ts'
import { QuestionError, type ViewSources } from './view-sources.ts'

const HITS = 50
const CONTEXTS = 500

/** One box that opens any id. */
export class SearchQueries {
  readonly #sources: ViewSources
  readonly #lists: ListQueries
  readonly #conversations: Conversations

  constructor(sources: ViewSources, parts: { readonly lists: ListQueries; readonly conversations: Conversations }) {
    this.#sources = sources
    this.#lists = parts.lists
    this.#conversations = parts.conversations
  }

  search(text: string): Answer<'search'> {
    const q = text.trim()
    const exact = this.#byId(q)
    if (exact.length > 0) return { items: exact, understood: `an id: ${exact[0]?.kind ?? ''}` }
    return { items: this.#byName(q), understood: 'a name, the start of one, or words of it' }
  }

  #byId(q: string): SearchHit[] {
    const hits: SearchHit[] = []
    const incident = this.#sources.incidentNamed?.(q)
    if (incident !== undefined) {
      const { id, headline } = incident
      hits.push({ kind: 'incident', id, label: headline, href: `/incidents/${encodeURIComponent(id)}` })
    }
    if (/^[0-9]{1,15}$/.test(q) && Number(q) < this.#sources.reader.size()) {
      hits.push({ kind: 'entry', id: q, label: `log entry ${q}`, href: `/integrity?entry=${q}` })
    }
    const agent = this.#lists.agent(q)
    if (agent !== undefined)
      hits.push({ kind: 'agent', id: agent.id, label: agent.name, href: `/agents/${encodeURIComponent(agent.id)}` })
    for (const { doc: conversation } of this.#conversations.called(q)) {
      const kind = parseTraceId(q) === undefined ? 'conversation' : 'trace'
      hits.push({ kind, id: q, label: conversation.title?.text ?? conversation.id, href: pageOf(conversation.id) })
    }
    if (parseSpanId(q) !== undefined) hits.push(...this.#bySpan(q))
    if (/^([0-9a-f]{32}\.[0-9a-f]{16}|log|raw|erased)\./.test(q)) hits.push(...this.#byEvent(q))
    if (parseSha256(q) !== undefined) {
      hits.push(...this.#conversationsPosted(`d:${q}`).map((conversation) => hit('digest', q, conversation)))
    }
    return hits
  }

  #bySpan(span: string): SearchHit[] {
    const rows = scanEpochs(this.#sources.store, { prefixOf: (epoch) => keys.tracesOfSpan(epoch, span), limit: HITS })
    const traces = rows.map(([trace]) => lastPart(trace))
    const conversations = new Set(traces.flatMap((trace) => this.#conversations.ofTrace(trace)?.doc.id ?? []))
    return [...conversations].map((conversation) => hit('span', span, conversation))
  }

  #byEvent(id: string): SearchHit[] {
    const loose = this.#sources.store.get(keys.looseEvent(id as EventId)) // an id that names nothing finds nothing
    const trace = loose === undefined ? id.slice(0, 32) : decodeDoc<LooseDoc>(loose).trace
    const conversation = this.#conversations.ofTrace(trace)?.doc
    return conversation === undefined
      ? []
      : [{ ...hit('event', id, conversation.id), href: `${pageOf(conversation.id)}?event=${encodeURIComponent(id)}` }]
  }

  #byName(q: string): SearchHit[] {
    const agents = this.#lists.agents({ q, limit: 20 }).items.map((agent): SearchHit => ({
      kind: 'agent',
      id: agent.id,
      label: agent.name,
      href: `/agents/${encodeURIComponent(agent.id)}`,
    }))
    const rows = [
      ...this.#lists.conversations({ q, limit: 20 }).items,
      ...this.#lists.conversationsWithoutActs({ q, limit: 20 }).items,
    ]
    const conversations = rows.map((item): SearchHit => ({
      kind: 'conversation',
      id: item.id,
      label: item.title === '' ? item.id : item.title,
      href: pageOf(item.id),
      at: item.lastClaimed,
    }))
    const things = (['tool', 'document'] as const).flatMap((kind) => this.#named(kind, q))
    return [...agents, ...things, ...conversations].slice(0, HITS)
  }

  /** Names that begin so come before those that only hold the words; of these a document's address is shown, which may be why. */
  #named(kind: 'tool' | 'document', q: string): readonly SearchHit[] {
    const { store } = this.#sources
    const labels = new Map(namesLike(store, { kind, start: q, most: HITS }).map((name) => [name, name]))
    for (const { name, uri } of namesWithWords(store, { kind, text: q, most: HITS }))
      if (!labels.has(name)) labels.set(name, uri === '' ? name : uri)
    return [...labels].map(([id, label]) => ({
      kind,
      id,
      label,
      href: `/source?${new URLSearchParams({ [kind]: id }).toString()}`,
    }))
  }

  /** Conversations in which a tool or a document of exactly this name stands, at most {@link HITS} of each. */
  naming(name: string): readonly string[] {
    const prefixes = (['tool', 'document'] as const).map((kind) => `${keys.namedPrefix(kind, name)}/`)
    const rows = prefixes.flatMap((prefix) => [...this.#sources.store.scan({ prefix, limit: HITS })])
    return [...new Set(rows.map(([key]) => this.#conversationOf(lastPart(key))))]
  }

  /** Which contexts a text entered: by the digest of a whole text, or by a value that is long and rare enough. */
  contexts({ digest, value }: Query<'contexts'>): Answer<'contexts'> {
    if ((digest === undefined) === (value === undefined))
      throw new QuestionError(400, 'give either a digest or a value')
    const values = value === undefined ? [] : valueFingerprints(value)
    if (value !== undefined && values.length === 0)
      throw new QuestionError(400, 'that value is too short or too common to be traced')
    const found = contagion(
      { lookup: (key) => this.#postings(key) },
      { ...(digest === undefined ? {} : { digest }), values },
    )
    return {
      items: found.entries.slice(0, CONTEXTS).map((entry): ContextHit => ({
        conversation: this.#conversationOf(entry.conversation),
        agent: entry.agent,
        event: entry.event,
        kind: entry.as,
        by: entry.by,
      })),
      cut: found.cut + Math.max(0, found.entries.length - CONTEXTS),
    }
  }

  #postings(key: string): readonly ContextEntry[] {
    return this.#posted(key, CONTEXTS * 2).map(([posting, bytes]) => decodePosting(lastPart(posting), bytes))
  }

  #conversationsPosted(posting: string): readonly string[] {
    const rows = this.#posted(posting, HITS)
    return [...new Set(rows.map(([key]) => this.#conversationOf(lastPart(key))))]
  }

  #posted(posting: string, limit: number): readonly (readonly [key: string, value: Uint8Array])[] {
    return scanEpochs(this.#sources.store, { prefixOf: (epoch) => keys.postings(epoch, posting), limit })
  }

  /** The conversation that a trace belongs to now. */
  #conversationOf(trace: string): string {
    return this.#conversations.ofTrace(trace)?.doc.id ?? trace
  }
}

function hit(kind: SearchHit['kind'], id: string, conversation: string): SearchHit {
  return { kind, id, label: conversation, href: pageOf(conversation) }
}

function pageOf(conversation: string): string {
  return `/conversations/${pathSegment(conversation)}`
}
