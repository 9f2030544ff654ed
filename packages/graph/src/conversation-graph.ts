import type { EventSummary, ExecutionGraph } from '@holdfast/model'

import type { GraphFacts } from './derive/join.ts'
import { joinParts } from './derive/join.ts'
import type { PartGraph } from './derive/part.ts'
import { derivePart } from './derive/part.ts'
import { MAX_EVENTS } from './limits.ts'
import { mergeDuplicates } from './merge-duplicates.ts'

/**
 * The execution graph of one conversation, kept up to date. Events may come in any order, in any portions and more than
 * once; the snapshot depends on the set of them alone. A change costs the traces that it touches plus one join of all.
 */
export class ConversationGraph {
  readonly conversation: string
  readonly #events = new Map<string, EventSummary>()
  readonly #parts = new Map<string, Map<string, EventSummary>>()
  readonly #derived = new Map<string, PartGraph>()
  #snapshot: ExecutionGraph | undefined
  #refused = 0

  constructor(conversation: string) {
    this.conversation = conversation
  }

  /** Safe to call twice with the same events. Past {@link MAX_EVENTS} new ones are refused and counted in the facts. */
  add(events: readonly EventSummary[]): void {
    for (const event of events) this.#add(event)
  }

  /** Canonical order: the same set of events gives the same bytes of JSON. */
  snapshot(): ExecutionGraph {
    this.#snapshot ??= joinParts(this.conversation, this.#partGraphs())
    return this.#snapshot
  }

  facts(): GraphFacts {
    const parts = this.#partGraphs()
    const missingParents = parts.reduce((sum, part) => sum + part.missingParents, 0)
    return { parts: parts.length, events: this.#events.size, missingParents, refused: this.#refused }
  }

  #add(event: EventSummary): void {
    // What the product says about its own log is no act of an agent.
    if (event.body.kind === 'control') return
    const known = this.#events.get(event.id)
    if (known === undefined && this.#events.size >= MAX_EVENTS) {
      this.#refused++
      return
    }
    const merged = known === undefined ? event : mergeDuplicates(known, event)
    if (merged === known) return
    this.#events.set(event.id, merged)
    if (known !== undefined && partOf(known) !== partOf(merged)) this.#remove(known)
    this.#touch(partOf(merged)).set(event.id, merged)
  }

  #remove(event: EventSummary): void {
    const part = this.#touch(partOf(event))
    part.delete(event.id)
    if (part.size === 0) this.#parts.delete(partOf(event))
  }

  #touch(key: string): Map<string, EventSummary> {
    this.#snapshot = undefined
    this.#derived.delete(key)
    const part = this.#parts.get(key) ?? new Map<string, EventSummary>()
    this.#parts.set(key, part)
    return part
  }

  #partGraphs(): readonly PartGraph[] {
    const graphs: PartGraph[] = []
    for (const key of [...this.#parts.keys()].toSorted()) {
      const known = this.#derived.get(key)
      const graph = known ?? derivePart(key, sortedById(this.#parts.get(key)?.values() ?? []))
      if (known === undefined) this.#derived.set(key, graph)
      graphs.push(graph)
    }
    return graphs
  }
}

/** The same graph from all events at once, with nothing kept: what the incremental one is checked against. */
export function deriveGraph(conversation: string, events: readonly EventSummary[]): ExecutionGraph {
  const byId = new Map<string, EventSummary>()
  for (const event of events) {
    if (event.body.kind === 'control') continue
    const known = byId.get(event.id)
    byId.set(event.id, known === undefined ? event : mergeDuplicates(known, event))
  }
  const parts = Map.groupBy(byId.values(), partOf)
  const keys = [...parts.keys()].toSorted()
  return joinParts(
    conversation,
    keys.map((key) => derivePart(key, sortedById(parts.get(key) ?? []))),
  )
}

function partOf(event: EventSummary): string {
  const { trace, session } = event.context
  return trace ?? (session === undefined ? `agent:${event.agent.id}` : `session:${session}`)
}

function sortedById(events: Iterable<EventSummary>): readonly EventSummary[] {
  return [...events].toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
}
