import { type CaseEvidence, incidentsOf } from '@holdfast/detect'
import type { Incident } from '@holdfast/model'
import { decode, encode } from '../inventory/docs.ts'
import { type Case, CaseReader, type CaseSources } from './case-reader.ts'
import { decodeEvidence, type EvidenceDoc } from './docs.ts'
import { IncidentRows } from './incident-rows.ts'
import { keys, partAt } from './keys.ts'
import { CONVERSATIONS_JOINED, JOINED_TRACES, JUDGE_REST, REPEATS_KEPT, RESTS_KEPT, WAITING_COUNTED } from './limits.ts'

/**
 * Judges the cases that changed since they were judged, agent by agent in turn, so that a storm of one delays no other.
 * What is to be judged stands in the projection, so a restart in mid-chain loses nothing.
 */
export class Judge {
  readonly #sources: CaseSources
  readonly #cases: CaseReader
  readonly #rows: IncidentRows
  readonly #now: () => number
  /** Case -> when it may be judged again. */
  readonly #rests = new Map<string, number>()
  #lastAgent = ''

  /** `now`: milliseconds of a clock that only goes forward. */
  constructor(sources: CaseSources, { now }: { readonly now: () => number }) {
    this.#sources = sources
    this.#cases = new CaseReader(sources)
    this.#rows = new IncidentRows(sources.store)
    this.#now = now
  }

  /** Traces that wait, up to a bound. */
  waiting(): number {
    return this.#sources.store.scan({ prefix: keys.changedAll(), limit: WAITING_COUNTED }).length
  }

  /** Cases that could not be judged, up to a bound. */
  failed(): number {
    return this.#sources.store.scan({ prefix: keys.failures(), limit: WAITING_COUNTED }).length
  }

  forget(): void {
    this.#rests.clear()
    this.#lastAgent = ''
  }

  /**
   * Judges for about that long. `restMs` says when there may be more to do; undefined where nothing waits. `filed`: an
   * incident came, went or changed.
   */
  turn(forMs: number): { readonly restMs: number | undefined; readonly filed: boolean } {
    const { store, workspace } = this.#sources
    // Conversations are looked up in the workspace: where it is behind, some would look as if they were not there.
    if (workspace.cursor < store.cursor) return { restMs: undefined, filed: false }
    const until = this.#now() + forMs
    let filed = false
    let restMs: number | undefined
    for (let passes = 0; this.#now() < until;) {
      const next = this.#next()
      if (next === undefined) return { restMs, filed }
      const rest = this.#restOf(next.case.conversation)
      if (rest > 0) {
        restMs = Math.min(restMs ?? rest, rest)
        passes += 1
        // Every agent's first case rests: what stands behind it is reached when it has been judged.
        if (passes > 8) return { restMs, filed }
        continue
      }
      if (this.#judgeOrNote(next.case, next.mark)) filed = true
    }
    return { restMs: 0, filed }
  }

  /** The incident as it is now, read anew; undefined where there is none of that id. */
  incident(id: string): { readonly incident: Incident; readonly repeats: number } | undefined {
    const row = this.#rows.find(id)
    const [conversation] = row?.conversations ?? []
    if (row === undefined || conversation === undefined) return undefined
    const cases = row.conversations.flatMap((name) => this.#casesNamed(name))
    const distinct = [...new Map(cases.map((one) => [one.conversation, one])).values()]
    const found = incidentsOf(distinct.map((one) => this.#cases.evidenceOf(one)))
    // Another agent may have come to use the name since: the conversation then goes by a longer one.
    const incident = found.find((one) => one.id === row.id) ?? found[0]
    return incident === undefined ? undefined : { incident, repeats: this.#rows.repeats(row) }
  }

  /** The next case, of the agent after the one that had its turn; drops marks of traces that no conversation has. */
  #next(): { readonly case: Case; readonly mark: string } | undefined {
    const { store } = this.#sources
    for (let tries = 0; tries < 64; tries++) {
      const [row] =
        this.#lastAgent === ''
          ? store.scan({ prefix: keys.changedAll(), limit: 1 })
          : store.scan({ prefix: keys.changedAll(), after: keys.changedEnd(this.#lastAgent), limit: 1 })
      if (row === undefined && this.#lastAgent === '') return undefined
      if (row === undefined) {
        this.#lastAgent = ''
        continue
      }
      this.#lastAgent = partAt(row[0], 1)
      const found = this.#cases.caseOf(partAt(row[0], 2))
      if (found !== undefined) return { case: found, mark: row[0] }
      store.apply({ cursor: store.cursor, puts: [], deletes: [row[0]] })
    }
    return undefined
  }

  #restOf(conversation: string): number {
    return (this.#rests.get(conversation) ?? 0) - this.#now()
  }

  /** One case that cannot be read must not keep the others from being judged: it is counted, and tried again when it changes. */
  #judgeOrNote(one: Case, mark: string): boolean {
    const { store } = this.#sources
    const failure = keys.failure(one.conversation)
    try {
      const filed = this.#judge(one, mark)
      if (store.get(failure) !== undefined) store.apply({ cursor: store.cursor, puts: [], deletes: [failure] })
      return filed
    } catch (error) {
      // Shown as a count beside the list; the reason stands in the projection.
      const why = error instanceof Error ? error.message : String(error)
      store.apply({ cursor: store.cursor, puts: [[failure, encode(why.slice(0, 500))]], deletes: [mark] })
      return true
    }
  }

  /** True where an incident came, went or changed. */
  #judge(one: Case, mark: string): boolean {
    const begun = this.#now()
    const evidence = this.#cases.evidenceOf(one)
    const changed = this.#file(one, evidence)
    this.#unmark(one, mark)
    const ended = this.#now()
    if (this.#rests.size > RESTS_KEPT) this.#rests.clear()
    this.#rests.set(one.conversation, ended + JUDGE_REST * (ended - begun))
    return changed
  }

  #file(one: Case, evidence: CaseEvidence): boolean {
    const traces = one.found.flatMap((found) => found.traces)
    const stale = this.#keptOf(traces)
    if (evidence.signals.length === 0 && stale.length === 0) return false
    const partners = this.#partners(evidence, one.conversation)
    const incidents = incidentsOf([evidence, ...partners])
    const incidentOf = ({ conversations }: CaseEvidence): Incident | undefined =>
      incidents.find((some) => some.conversations.some((name) => conversations.includes(name)))
    const incident = incidentOf(evidence)
    const gone = new Set([...stale, ...partners].flatMap((doc) => doc.incident ?? []))
    for (const { id } of incidents) gone.delete(id)
    for (const id of gone) this.#rows.remove(id)
    const changed = incidents.filter((some) => this.#rows.put(some))
    const row = incident === undefined ? undefined : this.#rows.find(incident.id)
    // Of a group of repeats the first hundred keep their evidence; the count goes on.
    const isRepeat = row !== undefined && this.#rows.repeats(row) > REPEATS_KEPT
    const { store } = this.#sources
    const kept = { ...evidence, signals: isRepeat ? evidence.signals.slice(0, 1) : evidence.signals }
    store.apply({
      cursor: store.cursor,
      puts: [
        ...partners.map(
          (doc) => [keys.evidence(doc.conversations[0] ?? ''), encode(filedUnder(doc, incidentOf(doc)))] as const,
        ),
        ...(evidence.signals.length === 0
          ? []
          : [
              [keys.evidence(one.conversation), encode(filedUnder({ ...kept, traces }, incident))] as const,
              ...traces.map((trace) => [keys.caseOf(trace), encode(one.conversation)] as const),
            ]),
      ],
      deletes: [
        ...stale.flatMap((doc) => doc.traces.map((trace) => keys.caseOf(trace))),
        ...stale.map((doc) => keys.evidence(doc.conversations[0] ?? '')),
      ],
    })
    return gone.size > 0 || changed.length > 0
  }

  /** What was kept of these traces, under whichever case they stood. */
  #keptOf(traces: readonly string[]): readonly EvidenceDoc[] {
    const names = new Set(traces.flatMap((trace) => this.#get<string>(keys.caseOf(trace)) ?? []))
    return [...names].flatMap((name) => this.#evidence(name) ?? [])
  }

  /** Cases with signals whose identities are this one's: they make one incident with it, and keep contexts of their own. */
  #partners({ joins }: CaseEvidence, own: string): readonly EvidenceDoc[] {
    const { store } = this.#sources
    const partners = new Map<string, EvidenceDoc>()
    const queue = joins.filter((key) => key.startsWith('session:'))
    const seen = new Set(queue)
    for (let key = queue.shift(); key !== undefined && partners.size < CONVERSATIONS_JOINED; key = queue.shift()) {
      const traces = store.scan({ prefix: keys.joined(key), limit: JOINED_TRACES }).map(([joined]) => partAt(joined, 2))
      for (const doc of this.#keptOf(traces)) {
        const name = doc.conversations[0] ?? ''
        if (name === own || partners.has(name)) continue
        partners.set(name, doc)
        for (const more of doc.joins) {
          if (more.startsWith('session:') && !seen.has(more)) queue.push(more)
          seen.add(more)
        }
      }
    }
    return [...partners.values()]
  }

  #unmark({ found }: Case, mark: string): void {
    const { store } = this.#sources
    const deletes = found.flatMap(({ doc, traces }) =>
      traces.flatMap((trace) => doc.agents.map(([agent]) => keys.changed(agent, trace))),
    )
    store.apply({ cursor: store.cursor, puts: [], deletes: [mark, ...deletes] })
  }

  #casesNamed(name: string): readonly Case[] {
    const { conversations } = this.#sources
    const named = conversations.named(name)
    const found = named.length > 0 ? named : [conversations.find(name)]
    return found.flatMap((one) => {
      const trace = one?.traces[0]
      return (trace === undefined ? undefined : this.#cases.caseOf(trace)) ?? []
    })
  }

  #evidence(name: string): EvidenceDoc | undefined {
    const bytes = this.#sources.store.get(keys.evidence(name))
    return bytes === undefined ? undefined : decodeEvidence(bytes)
  }

  #get<T>(key: string): T | undefined {
    const bytes = this.#sources.store.get(key)
    return bytes === undefined ? undefined : decode<T>(bytes)
  }
}

function filedUnder({ incident: _before, ...doc }: EvidenceDoc, incident: Incident | undefined): EvidenceDoc {
  return { ...doc, ...(incident === undefined ? {} : { incident: incident.id }) }
}
