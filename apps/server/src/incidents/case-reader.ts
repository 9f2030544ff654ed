import { hash } from 'node:crypto'
import { normalise } from '@holdfast/capture'
import {
  type CaseEvidence,
  MAKES_INCIDENT,
  type OpenCase,
  openingCase,
  readingCase,
  type StepsOfWork,
  uniteEvidence,
} from '@holdfast/detect'
import type { ConversationId, Event } from '@holdfast/model'
import type { LogReader, ProjectionStore } from '@holdfast/recorder'
import type { DetectorInForce } from '../detector/in-force.ts'
import { CASE_ENTRIES } from '../detector/limits.ts'
import { decode } from '../inventory/docs.ts'
import type { RulesInForce } from '../rules/rules-in-force.ts'
import type { Conversations, Found } from '../views/conversations.ts'
import { idsInBlock } from '../views/event-block.ts'
import { keys as viewKeys, ownConversation } from '../views/keys.ts'
import type { WriteDoc } from './fold-incidents.ts'
import { keys, partAt } from './keys.ts'
import type { KnownAgents } from './known/known-agents.ts'
import { reportSignals } from './reports.ts'
import {
  CONVERSATIONS_JOINED,
  JOINED_TRACES,
  JUDGED_BYTES,
  JUDGED_ENTRIES,
  JUDGED_PARTS,
  OPENING_PROMPTS,
  PARTS_KEPT,
  TRACES_NAMED,
  WRITES_READ,
} from './limits.ts'

export type CaseSources = {
  readonly reader: LogReader
  /** The workspace projection, which knows the conversations. */
  readonly workspace: ProjectionStore
  readonly store: ProjectionStore
  readonly conversations: Conversations
  /** What other projections know of an agent, apart from the case. */
  readonly known: KnownAgents
  /** Rules that cases are held against. */
  readonly rules: Pick<RulesInForce, 'current' | 'settle'>
  /** Weights that they are judged with. */
  readonly detector: Pick<DetectorInForce, 'current' | 'settle' | 'reload'>
}

/** Conversations that hand-overs join, read as one; the first by name stands for it. */
export type Case = { readonly conversation: string; readonly found: readonly Found[] }

/** Reads cases with their texts from the log. */
export class CaseReader {
  readonly #sources: CaseSources
  /** Parts of large cases that were read before. */
  readonly #kept = new Map<string, Part>()

  constructor(sources: CaseSources) {
    this.#sources = sources
  }

  /** To be called when content was erased: what was read before holds some of it. */
  forget(): void {
    this.#kept.clear()
    this.#sources.known.forget()
  }

  /** The case of a trace; undefined before the workspace has folded it. */
  caseOf(trace: string): Case | undefined {
    const { conversations } = this.#sources
    // A report names its conversation.
    const first = conversations.ofTrace(trace) ?? conversations.named(trace)[0]
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

  /** Everything that is known of a case, read step by step; what a bound leaves out is counted in it. */
  *reading({ conversation, found }: Case): StepsOfWork<CaseEvidence> {
    const placed = yield* this.#placed(found)
    const all = inOrder(placed)
    const own = new Set(found.flatMap(({ traces }) => traces))
    const parts: CaseEvidence[] = []
    let opening: readonly Event[] = []
    let unread = 0
    let from = 0
    while (from < all.length && parts.length < JUDGED_PARTS) {
      const key = partKey(conversation, all, from)
      const part = this.#kept.get(key) ?? (yield* this.#part(all, { conversation, from, opening }))
      // The last part of a case that goes on is read anew each time; what stands before it stays as it is.
      if (from + JUDGED_ENTRIES < all.length) this.#keep(key, part)
      from += part.read
      unread += part.gone
      parts.push(part.evidence)
      if (parts.length === 1) opening = part.opening
    }
    unread += all.length - from
    const [first, ...others] = parts
    const evidence =
      first === undefined
        ? yield* readingCase([], { conversation: conversation as ConversationId })
        : uniteEvidence([first, ...others])
    const names = found.map(({ doc }) => doc.id)
    const earlierNames = this.#earlierNames(found, { evidence, placed })
    return {
      ...evidence,
      ...(earlierNames.length === 0 ? {} : { earlierNames }),
      signals: [...evidence.signals, ...reportSignals(this.#sources.store, names)],
      conversations: found.map(({ doc }) => doc.id as ConversationId), // ids that the workspace holds
      sight: { ...evidence.sight, unread: evidence.sight.unread + unread },
      recalls: evidence.recalls.map((recall) => ({ ...recall, writes: this.#writes(recall.record, own) })),
    }
  }

  /**
   * A trace is a conversation of its own until one of its records names another, which may come last; and a name is one
   * conversation's until another agent uses it. What was found out so far went by these names.
   */
  #earlierNames(
    found: readonly Found[],
    { evidence, placed }: { readonly evidence: CaseEvidence; readonly placed: ReadonlyMap<number, string> },
  ): readonly ConversationId[] {
    const told = evidence.signals.flatMap(({ entries }) => entries.flatMap((entry) => placed.get(entry) ?? []))
    const traces = [...new Set(told)].slice(0, TRACES_NAMED).map(ownConversation)
    const shared = found.flatMap((one) => this.#sources.conversations.earlierName(one) ?? [])
    const now = new Set(found.map(({ doc }) => doc.id))
    // Names that the workspace holds.
    return [...new Set([...shared, ...traces])].filter((name) => !now.has(name)) as ConversationId[]
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

  /** What the entries from there on say, as many as one part holds; the same event told twice, by a retry, counts once. */
  *#part(
    all: readonly number[],
    {
      conversation,
      from,
      opening,
    }: { readonly conversation: string; readonly from: number; readonly opening: readonly Event[] },
  ): StepsOfWork<Part> {
    const events = new Map(opening.map((event) => [event.id, event]))
    let [bytes, read, gone] = [0, 0, 0]
    for (const index of all.slice(from, from + JUDGED_ENTRIES)) {
      if (bytes > JUDGED_BYTES) break
      if (read % ENTRIES_PER_STEP === 0) yield
      read += 1
      const entry = this.#sources.reader.entry(index)
      if (entry === undefined) {
        gone += 1
        continue
      }
      bytes += entry.body?.length ?? 0
      for (const event of normalise(entry).events) if (!events.has(event.id)) events.set(event.id, event)
    }
    const own = [...events.values()]
    const evidence = yield* readingCase(own, {
      conversation: conversation as ConversationId, // the workspace's own id of it
      context: this.#sources.known.contextOf(own),
      rules: this.#sources.rules.current,
      detector: this.#sources.detector.current,
    })
    return { evidence: uniteEvidence([evidence]), read, gone, opening: openingOf(own) }
  }

  /** The calls of a case as the detector sees them, of its first entries, and which of them are deeds of an incident. */
  *calling({ conversation, found }: Case): StepsOfWork<{
    readonly calls: OpenCase['calls']
    readonly deeds: ReadonlySet<string>
  }> {
    const events: Event[] = []
    for (const index of (yield* this.#entries(found)).slice(0, CASE_ENTRIES)) {
      if (events.length % ENTRIES_PER_STEP === 0) yield
      const entry = this.#sources.reader.entry(index)
      if (entry !== undefined) events.push(...normalise(entry).events)
    }
    const open = yield* openingCase(events, { conversation: conversation as ConversationId }) // the workspace's own id of it
    const { signals } = open.evidence({ detector: this.#sources.detector.current })
    const deeds = signals.flatMap(({ deed, source, strength }) =>
      deed !== undefined && source === 'provenance' && strength >= MAKES_INCIDENT ? [deed] : [],
    )
    return { calls: open.calls, deeds: new Set<string>(deeds) }
  }

  /** What the entries of a case say, in the order of the log, up to a bound; the same event told twice counts once. */
  *events({ found }: Case, most: number): StepsOfWork<readonly Event[]> {
    const events = new Map<string, Event>()
    for (const [i, index] of (yield* this.#entries(found)).slice(0, most).entries()) {
      if (i % ENTRIES_PER_STEP === 0) yield
      const entry = this.#sources.reader.entry(index)
      if (entry === undefined) continue
      for (const event of normalise(entry).events) if (!events.has(event.id)) events.set(event.id, event)
    }
    return [...events.values()]
  }

  #keep(key: string, part: Part): void {
    if (this.#kept.size >= PARTS_KEPT) this.#kept.clear()
    this.#kept.set(key, part)
  }

  /** Log positions of a case in their order; the same whatever it is read for. */
  *#entries(found: readonly Found[]): StepsOfWork<readonly number[]> {
    return inOrder(yield* this.#placed(found))
  }

  /** Log positions of a case, each with the trace that it is of. */
  *#placed(found: readonly Found[]): StepsOfWork<ReadonlyMap<number, string>> {
    const entries = new Map<number, string>()
    for (const trace of found.flatMap(({ traces }) => traces)) {
      const prefix = viewKeys.eventsOfTrace(trace)
      for (let after: string | undefined; ;) {
        const rows = this.#sources.workspace.scan({ prefix, limit: 32, ...(after === undefined ? {} : { after }) })
        for (const [key, bytes] of rows) {
          after = key
          for (const { entry } of idsInBlock(bytes)) entries.set(entry, trace)
        }
        yield
        if (rows.length < 32) break
      }
    }
    return entries
  }
}

function inOrder(placed: ReadonlyMap<number, string>): readonly number[] {
  return [...placed.keys()].toSorted((a, b) => a - b)
}

type Part = {
  readonly evidence: CaseEvidence
  readonly read: number
  /** Entries whose content is no longer there. */
  readonly gone: number
  readonly opening: readonly Event[]
}

/** A part is the same as long as the case has the same entries as far as it reaches. */
function partKey(conversation: string, all: readonly number[], from: number): string {
  return `${conversation}\n${from}\n${hash('sha256', all.slice(0, from + JUDGED_ENTRIES).join())}`
}

/** Between two entries of a step little time passes, and a step costs something. */
const ENTRIES_PER_STEP = 16

/** What its owner and its author said first: every part is held against it. */
function openingOf(events: readonly Event[]): readonly Event[] {
  return events
    .filter(({ body }) => body.kind === 'prompt' && body.role !== 'tool' && body.role !== 'assistant')
    .slice(0, OPENING_PROMPTS)
}
