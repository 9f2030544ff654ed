import type { EvidenceStatus } from '@holdfast/model'
import { DOUBLED_FROM_ENTRIES, ENTRIES_PER_GRAPH, LARGE_ENTRIES, TOUCHED_TRACES, TRACES_SAMPLED } from '../limits.ts'
import { agentFigures, skewedAgents, type SkewedAgents } from './agent-figures.ts'
import { AnswerCache, FIRST_PAGES, stampOf, variantOf, variantOfPage } from './answer-cache.ts'
import { Conversations } from './conversations.ts'
import type { ConversationDoc } from './docs.ts'
import { EventQueries } from './event-queries.ts'
import type { FoldInput } from './fold-input.ts'
import { GraphQueries, type United } from './graph-queries.ts'
import { traceKeyOf } from './keys.ts'
import { LastPages, withBehind } from './last-pages.ts'
import { ListQueries } from './list-queries.ts'
import type { Exportable, WorkspaceQuestion, WorkspaceQuestions } from './messages.ts'
import { RunQueries } from './run-queries.ts'
import { type SamplingSigns, samplingSigns } from './sampling.ts'
import { SearchQueries } from './search-queries.ts'
import type { ViewSources } from './view-sources.ts'

/** What the page of a conversation asks first, answered; good while the conversation's stamp is the same. */
export type FirstPages = {
  readonly conversation: string
  readonly stamp: string
  readonly answers: readonly (readonly [variant: string, json: string])[]
}

/** `first`: which of its {@link FirstPages} the answer is; absent where it is none of them. */
export type Derivation = { readonly conversation: string; readonly first?: string }

/** Answers every question of the API that reads: lists, graphs, evidence, events, search. */
export class Views {
  readonly #reader: ViewSources['reader']
  readonly #store: ViewSources['store']
  readonly #lists: ListQueries
  readonly #graphs: GraphQueries
  readonly #events: EventQueries
  readonly #search: SearchQueries
  readonly #runs: RunQueries
  readonly #conversations: Conversations
  readonly #answers: AnswerCache
  readonly #last: LastPages
  /** Traces that grew since the last quiet moment; bounded, because warming is a favour and not a duty. */
  readonly #touched = new Set<string>()
  /** Conversations that were given as doubled -> the entries they had. */
  readonly #tried = new Map<string, number>()

  constructor(sources: ViewSources) {
    const conversations = new Conversations(sources)
    this.#conversations = conversations
    this.#reader = sources.reader
    this.#store = sources.store
    this.#answers = new AnswerCache(sources)
    this.#last = new LastPages(sources)
    this.#lists = new ListQueries(sources, conversations)
    this.#graphs = new GraphQueries(sources, conversations)
    this.#events = new EventQueries(sources)
    this.#runs = new RunQueries(sources)
    this.#search = new SearchQueries(sources, { lists: this.#lists, conversations })
  }

  /** The route's answer as JSON text; `undefined` where there is no such thing. Throws {@link QuestionError}. */
  answerJson(question: WorkspaceQuestion, args: unknown): string | undefined {
    const { doc, variant, json: known } = this.#kept(question, args)
    if (known !== undefined) return known
    const answer = this.answer(question, args)
    const json = answer === undefined ? undefined : JSON.stringify(answer)
    if (json !== undefined && doc !== undefined && variant !== undefined) this.#answers.put(doc, variant, json)
    return json
  }

  /** The large conversation whose graph has to be derived for an answer; undefined for quick questions. */
  derivedFor(question: WorkspaceQuestion, args: unknown): Derivation | undefined {
    const { doc, variant, json } = this.#kept(question, args)
    if (doc === undefined || json !== undefined || doc.entries < LARGE_ENTRIES) return undefined
    if (this.#graphs.isDerived(doc)) return undefined
    const first = FIRST_PAGES.map(variantOfPage).find((page) => page === variant)
    return { conversation: doc.id, ...(first === undefined ? {} : { first }) }
  }

  /** What the conversation's page showed last, where that is older than the conversation; says how far it reaches. */
  lastJson(conversation: string, first: string): string | undefined {
    const doc = this.#conversations.find(conversation)?.doc
    const page = doc === undefined ? undefined : this.#last.get(doc, first)
    return doc === undefined || page === undefined ? undefined : withBehind(page, doc.entries)
  }

  /**
   * Names of large conversations that have doubled since their first page was derived: while one grows all the time,
   * there is then always one that is not much older. All of these derivations together cost twice the last.
   */
  doubled(
    inputs: readonly FoldInput[],
    { from = DOUBLED_FROM_ENTRIES }: { readonly from?: number } = {},
  ): readonly string[] {
    const traces = new Set<string>()
    for (const { events } of inputs) {
      if (events[0] !== undefined) traces.add(traceKeyOf(events[0]))
      if (traces.size === TRACES_SAMPLED) break
    }
    const docs = [...traces].flatMap((trace) => this.#conversations.namedBy(trace) ?? [])
    const due = docs.filter(
      (doc) =>
        doc.entries >= from &&
        // Beyond its bound a graph holds the same entries, and only its count of what was left out would change.
        this.#last.reach(doc) < ENTRIES_PER_GRAPH &&
        (this.#tried.get(doc.id) ?? 0) < ENTRIES_PER_GRAPH &&
        doc.entries >= 2 * Math.max(this.#last.reach(doc), this.#tried.get(doc.id) ?? 0) &&
        this.#answers.isCold(doc),
    )
    // A derivation that fails is not tried again with every batch.
    if (this.#tried.size > TOUCHED_TRACES) this.#tried.clear()
    for (const { id, entries } of due) this.#tried.set(id, entries)
    return [...new Set(due.map(({ id }) => id))]
  }

  #kept(
    question: WorkspaceQuestion,
    args: unknown,
  ): { readonly doc?: ConversationDoc; readonly variant?: string; readonly json?: string } {
    const variant = variantOf(question, args)
    if (variant === undefined) return {}
    const { conversation } = args as { readonly conversation: string } // every question that has a variant is about one
    const doc = this.#conversations.find(conversation)?.doc
    if (doc === undefined) return { variant }
    const json = this.#answers.get(doc, variant)
    return { doc, variant, ...(json === undefined ? {} : { json }) }
  }

  /** Names of the large conversations that changed and whose first pages are not kept; each is given once. */
  cold(): readonly string[] {
    const names = new Set<string>()
    for (const trace of this.#touched) {
      const name = this.#conversations.nameOf(trace)
      if (name !== undefined) names.add(name)
    }
    this.#touched.clear()
    return [...names].filter((name) =>
      this.#conversations.named(name).some(({ doc }) => this.#answers.isCold(doc) && !this.#graphs.isDerived(doc)),
    )
  }

  /** The first pages of the conversations of a name, derived now. */
  *firstPages(name: string): Generator<FirstPages> {
    for (const { doc } of this.#conversations.named(name)) {
      if (!this.#answers.isCold(doc)) continue
      try {
        for (const page of FIRST_PAGES) {
          const answer = this.answer(page.question, { conversation: doc.id, query: page.query })
          // While the conversation grows, each page would else derive all of its graph again.
          this.#graphs.holdStill(doc.id)
          const answers = [[variantOfPage(page), JSON.stringify(answer)] as const]
          yield { conversation: doc.id, stamp: stampOf(doc), answers }
        }
      } finally {
        this.#graphs.holdStill(undefined)
      }
    }
  }

  /** Keeps pages that another thread derived; of a conversation that has grown meanwhile, as its last. */
  keep(pages: FirstPages): void {
    const doc = this.#conversations.find(pages.conversation)?.doc
    if (doc === undefined) return
    if (stampOf(doc) !== pages.stamp) return this.#last.put(doc, pages)
    for (const [variant, json] of pages.answers) this.#answers.put(doc, variant, json)
  }

  /** The route's answer; `undefined` where there is no such thing. Throws {@link QuestionError}. */
  answer(question: WorkspaceQuestion, args: unknown): unknown {
    switch (question) {
      case 'listAgents':
        return this.#lists.agents(given<'listAgents'>(args).query)
      case 'getAgent':
        return this.#lists.agent(given<'getAgent'>(args).agent)
      case 'listConversations':
        return this.#lists.conversations(given<'listConversations'>(args).query)
      case 'getConversation':
        return this.#lists.conversation(given<'getConversation'>(args).conversation)
      case 'getGraph':
        return this.#graphs.graph(given<'getGraph'>(args))
      case 'getDrawnGraph':
        return this.#graphs.drawn(given<'getDrawnGraph'>(args))
      case 'listRows':
        return this.#graphs.rows(given<'listRows'>(args))
      case 'getReach':
        return this.#graphs.reach(given<'getReach'>(args))
      case 'getStrip':
        return this.#graphs.strip(given<'getStrip'>(args))
      case 'getEvidence':
        return this.#graphs.evidence([given<'getEvidence'>(args).conversation])
      case 'getEvent':
        return this.#events.event(given<'getEvent'>(args).event)
      case 'getEventValues':
        return this.#events.values(given<'getEventValues'>(args))
      case 'getContent':
        return this.#events.content(given<'getContent'>(args))
      case 'listEvents':
        return this.#events.newest(given<'listEvents'>(args).query)
      case 'search':
        return this.#search.search(given<'search'>(args).q)
      case 'contexts':
        return this.#search.contexts(given<'contexts'>(args).query)
      case 'getRun':
        return this.#runs.run(given<'getRun'>(args))
      case 'getIntegrity':
        return agentFigures(this.#reader, (agent) => this.#lists.agent(agent)?.coverage)
      case 'doctor':
        return this.#examined(given<'doctor'>(args))
    }
  }

  #examined(asked: WorkspaceQuestions['doctor']): SkewedAgents | SamplingSigns {
    switch (asked.kind) {
      case 'clocks':
        return skewedAgents(this.#reader, asked.now)
      case 'sampling':
        return samplingSigns({ reader: this.#reader, store: this.#store }, asked)
    }
  }

  /** Several conversations are exported as one, under a name of their own. */
  exportable(conversations: readonly string[], name?: string): Exportable | undefined {
    return this.#graphs.exportable(conversations, name)
  }

  /** The six artifacts of several conversations as one. */
  evidenceOf(conversations: readonly string[], name: string): EvidenceStatus | undefined {
    return this.#graphs.evidence(conversations, name)
  }

  /** Conversations in which a tool or a document of exactly this name stands. */
  naming(name: string): readonly string[] {
    return this.#search.naming(name)
  }

  /** Graph and events of several conversations as one; undefined where none of them is known. */
  united(conversations: readonly string[], name: string): United | undefined {
    return this.#graphs.united(conversations, name)
  }

  agentCount(): number {
    return this.#lists.agentCount()
  }

  /** Tells caches of newly folded entries. */
  grew(inputs: readonly FoldInput[]): void {
    this.#graphs.grew(inputs)
    for (const { events } of inputs)
      if (events[0] !== undefined && this.#touched.size < TOUCHED_TRACES) this.#touched.add(traceKeyOf(events[0]))
  }

  /** Forgets everything derived: the projection begins anew. */
  forget(): void {
    this.#graphs.forget()
    this.#touched.clear()
    this.#tried.clear()
    this.#events.forget()
  }
}

function given<N extends WorkspaceQuestion>(args: unknown): WorkspaceQuestions[N] {
  return args as WorkspaceQuestions[N] // ViewsClient.ask types the arguments by the question they came with
}
