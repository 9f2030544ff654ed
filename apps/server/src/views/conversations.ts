import { parseAgentId, parseConversationId } from '@holdfast/model'
import { TRACES_PER_GRAPH } from '../limits.ts'
import { addTrace, newConversation } from './conversation-doc.ts'
import { type ConversationDoc, decodeDoc, type TraceDoc } from './docs.ts'
import { erasedName } from './erasures.ts'
import { keys, lastPart } from './keys.ts'
import { compare, conversationsOf } from './trace-doc.ts'
import { QuestionError, type ViewSources } from './view-sources.ts'

/** One conversation: its counts, under the id that it is shown by, and its traces. */
export type Found = { readonly doc: ConversationDoc; readonly traces: readonly string[] }

/**
 * Conversations by id. A source's own conversation id is a name that other agents may use too, by chance or to get into
 * somebody's evidence. So traces of one name are one conversation only where something joins them: what no trace joins is
 * shown apart, as `<name>~<agent id>`. Whoever names its conversation like such an id has it told apart by its agent too, so that
 * nobody takes the place of another.
 */
export class Conversations {
  readonly #store: ViewSources['store']
  readonly #reader: ViewSources['reader']

  constructor({ store, reader }: ViewSources) {
    this.#store = store
    this.#reader = reader
  }

  /** Every conversation of that name; more than one where agents that never met use it. */
  named(name: string): readonly Found[] {
    const bytes = this.#store.get(keys.conversation(name))
    if (bytes === undefined) return []
    const doc = decodeDoc<ConversationDoc>(bytes)
    const traces = this.#store
      .scan({ prefix: keys.members(name), limit: TRACES_PER_GRAPH })
      .map(([key]) => lastPart(key))
    // A trace key of ours may look so as well; no sender can choose one.
    const isBorrowed = isQualified(name) && !traces.includes(name)
    if (doc.agents.length < 2 && !isBorrowed) return [{ doc, traces }]
    const groups = joined(traces.flatMap((trace) => this.#trace(trace) ?? []))
    if (groups.length < 2 && !isBorrowed) return [{ doc, traces }]
    return groups.map((group) => {
      const agent = group.flatMap(({ agents }) => agents.map(([id]) => id)).toSorted(compare)[0] ?? '-'
      const counted = group.reduce(addTrace, newConversation(`${name}~${agent}`))
      return { doc: counted, traces: group.map(({ key }) => key) }
    })
  }

  /** By its id, or by a trace in it. Throws 409 for a name that several conversations have. */
  find(id: string): Found | undefined {
    const qualified = this.#qualified(id)
    if (qualified !== undefined) return qualified
    // Named as it was kept: a long id is cut, and a blank around it is gone.
    const found = this.named(parseConversationId(id) ?? id)
    if (found.length > 1)
      throw new QuestionError(
        409,
        `"${id}" is the name of ${found.length} conversations: ${found
          .map(({ doc }) => doc.id)
          .join(', ')
          .slice(0, 1_000)}`,
      )
    return found[0] ?? this.ofTrace(id) ?? this.#erased(id)
  }

  /** The conversation of that id; where none has it, every one of that name, or else the one that {@link find} gives. */
  called(id: string): readonly Found[] {
    const qualified = this.#qualified(id)
    if (qualified !== undefined) return [qualified]
    const named = this.named(id)
    return named.length > 0 ? named : [this.find(id) ?? []].flat()
  }

  /** The conversation that a trace belongs to now. */
  ofTrace(trace: string): Found | undefined {
    const name = this.nameOf(trace)
    return name === undefined ? undefined : this.named(name).find(({ traces }) => traces.includes(trace))
  }

  /** The name that a trace's conversation goes by; other conversations may share it. */
  nameOf(trace: string): string | undefined {
    const doc = this.#trace(trace)
    return doc === undefined ? undefined : conversationsOf(doc)[0]
  }

  /**
   * The name that a conversation shares with others, where it had it first in the log: it went by that alone until another agent
   * used it. Undefined for all others.
   */
  earlierName({ doc, traces }: Found): string | undefined {
    const name = traces[0] === undefined ? undefined : this.nameOf(traces[0])
    // A name like the id of another conversation was never one that it went by.
    if (name === undefined || name === doc.id || isQualified(name)) return undefined
    const began = this.named(name).map((one) => ({ id: one.doc.id, at: this.#firstEntry(one) }))
    const [first] = began.toSorted((a, b) => a.at - b.at)
    return first?.id === doc.id ? name : undefined
  }

  #firstEntry({ traces }: Found): number {
    const first = traces.flatMap((trace) => this.#store.scan({ prefix: keys.eventsOfTrace(trace), limit: 1 }))
    return Math.min(...first.map(([key]) => Number(lastPart(key))))
  }

  /** Counts under the name that a trace's conversation goes by, of all conversations of that name. */
  namedBy(trace: string): ConversationDoc | undefined {
    const name = this.nameOf(trace)
    const bytes = name === undefined ? undefined : this.#store.get(keys.conversation(name))
    return bytes === undefined ? undefined : decodeDoc<ConversationDoc>(bytes)
  }

  /** What is left of a conversation or trace whose content was erased: it must not look as if it had never been. */
  #erased(id: string): Found | undefined {
    const name = erasedName(this.#reader, id)
    return name === undefined ? undefined : this.named(name)[0]
  }

  #qualified(id: string): Found | undefined {
    for (let at = id.indexOf('~'); at !== -1; at = id.indexOf('~', at + 1)) {
      if (parseAgentId(id.slice(at + 1)) === undefined) continue
      const found = this.named(id.slice(0, at)).find(({ doc }) => doc.id === id)
      if (found !== undefined) return found
    }
    return undefined
  }

  #trace(trace: string): TraceDoc | undefined {
    const bytes = this.#store.get(keys.trace(trace))
    return bytes === undefined ? undefined : decodeDoc<TraceDoc>(bytes)
  }
}

/** True for text of the form `<name>~<agent id>`. */
function isQualified(text: string): boolean {
  for (let at = text.indexOf('~'); at !== -1; at = text.indexOf('~', at + 1))
    if (parseAgentId(text.slice(at + 1)) !== undefined) return true
  return false
}

/**
 * Groups of traces that something joins: an agent that is in both, a link from one to the other, a delegation. Each tie
 * points at a tie of its group, followed to the one that stands for all (union-find): a sender chooses how many there are.
 */
function joined(traces: readonly TraceDoc[]): readonly (readonly TraceDoc[])[] {
  const above = new Map<string, string>()
  const rootOf = (tie: string): string => {
    let root = tie
    for (let next = above.get(root); next !== undefined; next = above.get(root)) root = next
    for (let at = tie; at !== root;) {
      const next = above.get(at) ?? root
      above.set(at, root)
      at = next
    }
    return root
  }
  for (const trace of traces) {
    const root = rootOf(`trace:${trace.key}`)
    for (const tie of tiesOf(trace)) {
      const other = rootOf(tie)
      if (other !== root) above.set(other, root)
    }
  }
  const groups = Map.groupBy(traces, ({ key }) => rootOf(`trace:${key}`))
  return [...groups.values()].map((group) => group.toSorted((a, b) => compare(a.key, b.key)))
}

function tiesOf({ key, agents, joins }: TraceDoc): readonly string[] {
  return [`trace:${key}`, ...joins, ...agents.map(([agent]) => `agent:${agent}`)]
}
