import type { ContentRef, EventSummary } from '@holdfast/model'

import { contentsOf } from './contents.ts'
import { MAX_CONTAGION } from './limits.ts'

/** One place where a text stood in a context. */
export type ContextEntry = {
  readonly conversation: string
  readonly agent: string
  readonly member?: string
  readonly trace?: string
  readonly event: string
  /** How the text came: a message, a document, a tool's result, what was handed over ... */
  readonly as: string
}

/** Looks up postings made from {@link contagionKeys}; the consumer decides where they lie. */
export type ContagionIndex = {
  /** Entries posted under the key, without repetition, in any order. */
  readonly lookup: (key: string) => Iterable<ContextEntry>
}

export type ContagionQuery = {
  /** SHA-256 of a whole text. */
  readonly digest?: string
  /** Fingerprints of values, as `ContentRef.values` has them. */
  readonly values?: readonly string[]
}

export type Infection = ContextEntry & {
  /** `digest`: the whole text. `value`: values of it, which may have come another way. */
  readonly by: 'digest' | 'value'
  /** Fingerprints that were met; sorted. */
  readonly values: readonly string[]
}

export type Contagion = {
  readonly entries: readonly Infection[]
  readonly conversations: readonly string[]
  readonly agents: readonly string[]
  /** Entries past the bound. */
  readonly cut: number
}

/** Keys to post an event under: `d:<digest>` and `v:<fingerprint>` of every text that it brought into a context. */
export function contagionKeys(event: EventSummary): readonly { readonly key: string; readonly as: string }[] {
  const keys = new Map<string, string>()
  for (const { content, as } of contentsOf(event.body)) {
    for (const key of keysOfContent(content)) if (!keys.has(key)) keys.set(key, as)
  }
  return [...keys].map(([key, as]) => ({ key, as }))
}

/** Which contexts did this text, or a value of it, enter; across agents and conversations, in canonical order. */
export function contagion(index: ContagionIndex, query: ContagionQuery): Contagion {
  const found = new Map<string, { entry: ContextEntry; whole: boolean; values: Set<string> }>()
  const note = (entry: ContextEntry, value: string | undefined): void => {
    const id = `${entry.conversation}\n${entry.event}\n${entry.as}`
    const known = found.get(id) ?? { entry, whole: false, values: new Set<string>() }
    if (value === undefined) known.whole = true
    else known.values.add(value)
    found.set(id, known)
  }
  if (query.digest !== undefined) for (const entry of index.lookup(`d:${query.digest}`)) note(entry, undefined)
  for (const value of new Set(query.values)) for (const entry of index.lookup(`v:${value}`)) note(entry, value)
  const ordered = [...found].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return {
    entries: ordered.slice(0, MAX_CONTAGION).map(([, { entry, whole, values }]): Infection => ({
      ...entry,
      by: whole ? 'digest' : 'value',
      values: [...values].toSorted(),
    })),
    conversations: distinct(ordered.map(([, { entry }]) => entry.conversation)),
    agents: distinct(ordered.map(([, { entry }]) => entry.agent)),
    cut: Math.max(0, ordered.length - MAX_CONTAGION),
  }
}

/** Postings in memory: for one workspace, and for checking an index kept elsewhere. Adding twice changes nothing. */
export class MemoryContagionIndex implements ContagionIndex {
  readonly #postings = new Map<string, Map<string, ContextEntry>>()

  add(conversation: string, events: readonly EventSummary[]): void {
    for (const event of events) {
      for (const { key, as } of contagionKeys(event)) {
        const entry = contextEntry(conversation, event, as)
        const posting = this.#postings.get(key) ?? new Map<string, ContextEntry>()
        posting.set(`${conversation}\n${event.id}`, entry)
        this.#postings.set(key, posting)
      }
    }
  }

  lookup(key: string): Iterable<ContextEntry> {
    return this.#postings.get(key)?.values() ?? []
  }
}

/** The posting of an event under one of its {@link contagionKeys}. */
export function contextEntry(conversation: string, event: EventSummary, as: string): ContextEntry {
  return {
    conversation,
    agent: event.agent.id,
    ...(event.agent.member === undefined ? {} : { member: event.agent.member }),
    ...(event.context.trace === undefined ? {} : { trace: event.context.trace }),
    event: event.id,
    as,
  }
}

function keysOfContent(content: ContentRef): readonly string[] {
  switch (content.state) {
    case 'captured':
    case 'truncated':
    case 'redacted':
      return [`d:${content.digest}`, ...content.values.map((value) => `v:${value}`)]
    case 'suppressed':
    case 'not-captured':
      return []
  }
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted()
}
