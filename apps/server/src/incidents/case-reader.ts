import { normalise } from '@holdfast/capture'
import { type CaseEvidence, readCase } from '@holdfast/detect'
import type { ConversationId, Event } from '@holdfast/model'
import type { LogReader, ProjectionStore } from '@holdfast/recorder'
import { decode } from '../inventory/docs.ts'
import type { Conversations, Found } from '../views/conversations.ts'
import { decodeBlock } from '../views/event-block.ts'
import { keys as viewKeys } from '../views/keys.ts'
import type { WriteDoc } from './fold-incidents.ts'
import { keys, partAt } from './keys.ts'
import { CONVERSATIONS_JOINED, JOINED_TRACES, JUDGED_BYTES, JUDGED_ENTRIES, WRITES_READ } from './limits.ts'

export type CaseSources = {
  readonly reader: LogReader
  /** The workspace projection, which knows the conversations. */
  readonly workspace: ProjectionStore
  readonly store: ProjectionStore
  readonly conversations: Conversations
}

/** Conversations that hand-overs join, read as one; the first by name stands for it. */
export type Case = { readonly conversation: string; readonly found: readonly Found[] }

/** Reads cases with their texts from the log. */
export class CaseReader {
  readonly #sources: CaseSources

  constructor(sources: CaseSources) {
    this.#sources = sources
  }

  /** The case of a trace; undefined before the workspace has folded it. */
  caseOf(trace: string): Case | undefined {
    const { conversations } = this.#sources
    const first = conversations.ofTrace(trace)
    if (first === undefined) return undefined
    const found = new Map([[first.doc.id, first]])
    const queue = [...first.traces]
    const seen = new Set(queue)
    for (let at = queue.shift(); at !== undefined && found.size < CONVERSATIONS_JOINED; at = queue.shift()) {
      for (const other of this.#handedOver(at)) {
        if (seen.has(other)) continue
        const more = conversations.ofTrace(other)
        for (const next of [other, ...(more?.traces ?? [])]) {
          if (!seen.has(next)) queue.push(next)
          seen.add(next)
        }
        if (more !== undefined) found.set(more.doc.id, more)
      }
    }
    const all = [...found.values()].toSorted((a, b) => (a.doc.id < b.doc.id ? -1 : 1))
    return { conversation: all[0]?.doc.id ?? first.doc.id, found: all }
  }

  /** Everything that is known of a case. Bounded by {@link JUDGED_ENTRIES} and {@link JUDGED_BYTES}. */
  evidenceOf({ conversation, found }: Case): CaseEvidence {
    const { events, unread } = this.#events(found)
    const evidence = readCase(events, { conversation: conversation as ConversationId })
    const own = new Set(found.flatMap(({ traces }) => traces))
    return {
      ...evidence,
      conversations: found.map(({ doc }) => doc.id as ConversationId), // ids that the workspace holds
      sight: { ...evidence.sight, unread: evidence.sight.unread + unread },
      recalls: evidence.recalls.map((recall) => ({ ...recall, writes: this.#writes(recall.record, own) })),
    }
  }

  #writes(record: string, own: ReadonlySet<string>): CaseEvidence['recalls'][number]['writes'] {
    return this.#sources.store
      .scan({ prefix: keys.writes(record), limit: WRITES_READ })
      .map(([, bytes]) => decode<WriteDoc>(bytes))
      .filter(({ trace }) => !own.has(trace))
      .map(({ event, entry, trace }) => ({
        event: event as Event['id'], // an event's id that the fold wrote
        entry,
        conversation: this.#sources.conversations.nameOf(trace) ?? trace,
      }))
  }

  /** Traces that a hand-over or a stated link ties to this one. What only an identity ties is another context. */
  #handedOver(trace: string): readonly string[] {
    const { store } = this.#sources
    const own = store.scan({ prefix: keys.joinsOf(trace), limit: JOINED_TRACES }).map(([key]) => partAt(key, 2))
    const links = own.flatMap((key) => (key.startsWith('trace:') ? [key.slice('trace:'.length)] : []))
    const shared = [`trace:${trace}`, ...own.filter((key) => key.startsWith('delegation:'))]
    const others = shared.flatMap((key) =>
      store.scan({ prefix: keys.joined(key), limit: JOINED_TRACES }).map(([joined]) => partAt(joined, 2)),
    )
    return [...links, ...others]
  }

  #events(found: readonly Found[]): { readonly events: readonly Event[]; readonly unread: number } {
    const entries = [...new Set(found.flatMap(({ traces }) => traces.flatMap((trace) => this.#entriesOf(trace))))]
    const events = new Map<string, Event>()
    let bytes = 0
    let unread = Math.max(0, entries.length - JUDGED_ENTRIES)
    for (const index of entries.toSorted((a, b) => a - b).slice(0, JUDGED_ENTRIES)) {
      const entry = bytes > JUDGED_BYTES ? undefined : this.#sources.reader.entry(index)
      if (entry === undefined) {
        unread += 1
        continue
      }
      bytes += entry.body?.length ?? 0
      // The same event told twice, by a retry: the first telling in the log counts.
      for (const event of normalise(entry).events) if (!events.has(event.id)) events.set(event.id, event)
    }
    return { events: [...events.values()], unread }
  }

  #entriesOf(trace: string): readonly number[] {
    const prefix = viewKeys.eventsOfTrace(trace)
    const entries: number[] = []
    for (let after: string | undefined; entries.length <= JUDGED_ENTRIES;) {
      const rows = this.#sources.workspace.scan({ prefix, limit: 32, ...(after === undefined ? {} : { after }) })
      for (const [key, bytes] of rows) {
        after = key
        for (const { entry } of decodeBlock(bytes)) entries.push(entry)
      }
      if (rows.length < 32) break
    }
    return entries
  }
}
