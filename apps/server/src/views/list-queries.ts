import type { Agent, AgentDetail, Answer, Conversation, Coverage, Query } from '@holdfast/api'
import { formatRfc3339, parseAgentId, parseRfc3339, parseUnixNanoText, type AgentId } from '@holdfast/model'
import type { Conversations, Found } from './conversations.ts'
import { type AgentDoc, decodeDoc } from './docs.ts'
import { keys, lastPart } from './keys.ts'
import type { ViewSources } from './view-sources.ts'

const PAGE = 100
/** Agents looked at for one page of a filtered list: under a second of work. */
const AGENTS_SCANNED = 20_000
/** Conversations looked at for one page of a filtered list. */
const CONVERSATIONS_SCANNED = 5_000

/** Agents and conversations, as lists and one by one. */
export class ListQueries {
  readonly #store: ViewSources['store']
  readonly #factsOf: ViewSources['factsOf']
  readonly #conversations: Conversations

  constructor({ store, factsOf }: ViewSources, conversations: Conversations) {
    this.#store = store
    this.#factsOf = factsOf
    this.#conversations = conversations
  }

  agentCount(): number {
    const bytes = this.#store.get(keys.agentCount())
    return bytes === undefined ? 0 : decodeDoc<number>(bytes)
  }

  /** `total` is of all agents, and of the found ones where a filter found them on one page. */
  agents(query: Query<'listAgents'>): Answer<'listAgents'> {
    const { cursor, limit = PAGE, q, standing = 'agents', updated_since: sinceText } = query
    const needle = q?.toLowerCase()
    const since = sinceOf(sinceText)
    const isFiltered = needle !== undefined || since !== undefined
    const prefix = standing === 'agents' ? keys.recentAgents() : keys.recentPrincipals()
    const items: Agent[] = []
    let after = cursor
    for (let scanned = 0; scanned < AGENTS_SCANNED && items.length < limit;) {
      const rows = this.#store.scan({
        prefix,
        limit: PAGE,
        ...(after === undefined ? {} : { after }),
      })
      for (const [key] of rows) {
        after = key
        scanned += 1
        const doc = this.#agentDoc(lastPart(key))
        // The most recent stands first: what follows is older still.
        if (doc !== undefined && isOlder(doc, since))
          return { items, ...this.#totalOf({ isFiltered, standing }, cursor === undefined ? items.length : undefined) }
        if (doc !== undefined && isFound(doc, needle)) items.push(this.#agentOf(doc))
        if (items.length >= limit) break
      }
      if (rows.length < PAGE && items.length < limit)
        return { items, ...this.#totalOf({ isFiltered, standing }, cursor === undefined ? items.length : undefined) }
    }
    const isMore = after !== undefined && this.#store.scan({ prefix, limit: 1, after }).length > 0
    return { items, ...this.#totalOf({ isFiltered, standing }), ...(isMore ? { nextCursor: after } : {}) }
  }

  agent(id: string): AgentDetail | undefined {
    const doc = this.#agentDoc(id)
    if (doc === undefined) return undefined
    return { ...this.#agentOf(doc), coverage: coverageOf(doc) }
  }

  /** Those with an act in them. */
  conversations(query: Query<'listConversations'>): Answer<'listConversations'> {
    const { agent } = query
    const prefix = agent === undefined ? keys.recents() : keys.recentsOfAgent(agent as AgentId) // an id that names nobody finds nothing
    return this.#recent(prefix, query, ({ acting }) => acting > 0)
  }

  /** Those that hold structure alone, as a program's start: found by name, but no rows of the list. */
  conversationsWithoutActs(query: Omit<Query<'listConversations'>, 'agent'>): Answer<'listConversations'> {
    return this.#recent(keys.recentsWithoutActs(), query, () => true)
  }

  #recent(
    prefix: string,
    { agent, cursor, limit = PAGE, q, updated_since: sinceText }: Query<'listConversations'>,
    isListed: (doc: Found['doc']) => boolean,
  ): Answer<'listConversations'> {
    const needle = q?.toLowerCase()
    const since = sinceOf(sinceText)
    const items: Conversation[] = []
    let after = cursor
    for (let scanned = 0; scanned < CONVERSATIONS_SCANNED && items.length < limit;) {
      const rows = this.#store.scan({ prefix, limit: PAGE, ...(after === undefined ? {} : { after }) })
      for (const [key] of rows) {
        after = key
        scanned += 1
        const named = this.#conversations.named(lastPart(key))
        if (named.length > 0 && named.every(({ doc }) => isOlder(doc, since))) return { items }
        for (const found of named) {
          if (isOlder(found.doc, since)) continue
          if (!isListed(found.doc)) continue
          const item = conversationOf(found)
          if (agent !== undefined && !item.agents.some(({ id }) => id === agent)) continue
          if (matches(item, needle)) items.push(item)
        }
        if (items.length >= limit) break
      }
      if (rows.length < PAGE && items.length < limit) return { items }
    }
    return { items, ...(after === undefined ? {} : { nextCursor: after }) }
  }

  /** By its id, or by a trace in it. */
  conversation(id: string): Conversation | undefined {
    const found = this.#conversations.find(id)
    return found === undefined ? undefined : conversationOf(found)
  }

  #totalOf(
    { isFiltered, standing }: { readonly isFiltered: boolean; readonly standing: string },
    found?: number,
  ): { readonly total?: number } {
    if (!isFiltered && standing === 'agents') return { total: this.agentCount() }
    return found === undefined ? {} : { total: found }
  }

  /** What it is made of and does is known to the inventory, once that has folded it. */
  #agentOf(doc: AgentDoc): Agent {
    const facts = this.#factsOf?.(doc.id)
    return facts === undefined ? agentOf(doc) : { ...agentOf(doc), ...facts }
  }

  #agentDoc(id: string): AgentDoc | undefined {
    const parsed = parseAgentId(id)
    const bytes = parsed === undefined ? undefined : this.#store.get(keys.agent(parsed))
    return bytes === undefined ? undefined : decodeDoc<AgentDoc>(bytes)
  }
}

/** Undefined where nothing is asked for; the route's schema has seen to it that it is a time. */
function sinceOf(text: string | undefined): bigint | undefined {
  return text === undefined ? undefined : parseRfc3339(text)
}

function isOlder({ lastRecorded }: { readonly lastRecorded: string }, since: bigint | undefined): boolean {
  return since !== undefined && BigInt(lastRecorded === '' ? 0 : lastRecorded) < since
}

function isFound(doc: AgentDoc, needle: string | undefined): boolean {
  return needle === undefined || `${doc.id} ${doc.name} ${doc.members.join(' ')}`.toLowerCase().includes(needle)
}

function matches(conversation: Conversation, needle: string | undefined): boolean {
  return (
    needle === undefined ||
    `${conversation.id} ${conversation.title} ${conversation.agents.map(({ name }) => name).join(' ')}`
      .toLowerCase()
      .includes(needle)
  )
}

/** As `holdfast doctor` judges it: not captured where none of its contents came, partly where some did not, and where there was none, that. */
export function capturingOf(counts: AgentDoc['contents']): Agent['capturing'] {
  const of = new Map(counts)
  const all = counts.reduce((sum, [, count]) => sum + count, 0)
  if (all === 0) return 'none-seen'
  if (of.get('suppressed') === all) return 'suppressed'
  const kept = (of.get('captured') ?? 0) + (of.get('redacted') ?? 0) + (of.get('truncated') ?? 0)
  if ((of.get('not-captured') ?? 0) === 0) return 'capturing'
  return kept === 0 ? 'not-capturing' : 'partly'
}

function agentOf(doc: AgentDoc): Agent {
  return {
    id: doc.id,
    name: doc.name,
    class: doc.class,
    roster: 'observed',
    workload: 'neither',
    shadow: false,
    events: doc.entries,
    conversations: doc.conversations,
    members: doc.members,
    versions: doc.versions,
    channels: doc.channels,
    clocks: doc.clocks,
    firstSeen: rfc3339(doc.firstRecorded),
    lastSeen: rfc3339(doc.lastRecorded),
    tier: doc.tier,
    capturing: capturingOf(doc.contents),
  }
}

function coverageOf(doc: AgentDoc): Coverage {
  const byCount = doc.unmapped.toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  return {
    dialects: doc.dialects.map(([name, entries]) => {
      const [dialect = 'unknown', instrumentation = ''] = name.split('\n')
      return { dialect, instrumentation, entries }
    }),
    entries: doc.entries,
    mapped: doc.mappedEntries,
    unmappedKeys: byCount.slice(0, 50).map(([key, entries]) => ({ key, entries })),
    unmappedKeysTotal: byCount.length + doc.unmappedBeyond,
    contents: {
      captured: 0,
      truncated: 0,
      redacted: 0,
      suppressed: 0,
      'not-captured': 0,
      ...Object.fromEntries(doc.contents),
    },
  }
}

function conversationOf({ doc, traces }: Found): Conversation {
  return {
    id: doc.id,
    agents: doc.agents.map(([id, name]) => ({ id, name })),
    ...(doc.moreAgents ? { moreAgents: true as const } : {}),
    title: doc.title?.text ?? '',
    events: doc.entries,
    traces: traces.slice(0, 100),
    modelCalls: doc.modelCalls,
    toolCalls: doc.toolCalls,
    errors: doc.errors,
    firstClaimed: doc.firstClaimed === '' ? '0' : doc.firstClaimed,
    lastClaimed: doc.lastClaimed === '' ? '0' : doc.lastClaimed,
    lastRecorded: doc.lastRecorded,
    clock: doc.clock,
    dialects: doc.dialects,
  }
}

function rfc3339(nanos: string): string {
  const time = parseUnixNanoText(nanos)
  return time === undefined ? '' : formatRfc3339(time)
}
