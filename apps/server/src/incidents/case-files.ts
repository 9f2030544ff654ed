import { type CaseEvidence, incidentsOf, isIdentityKey } from '@holdfast/detect'
import type { Incident } from '@holdfast/model'
import type { ProjectionStore } from '@holdfast/recorder'
import { decode, encode } from '../inventory/docs.ts'
import type { Case } from './case-reader.ts'
import { decodeEvidence, type EvidenceDoc } from './docs.ts'
import { type IncidentRows, repeatsOf } from './incident-rows.ts'
import { keys, partAt } from './keys.ts'
import { CONVERSATIONS_JOINED, JOINED_TRACES, REPEATS_KEPT } from './limits.ts'
import { StagedChanges } from './staged-changes.ts'

/** What filing a case did. */
export type Filed = {
  /** An incident came, went or changed. */
  readonly isChanged: boolean
  /** Those of which nothing was known before. */
  readonly named: readonly Incident[]
  /** Ids of those that came or changed. */
  readonly changed: readonly string[]
}

/** What was found out about cases, and the incidents that they make with what was found out before. */
export class CaseFiles {
  readonly #store: ProjectionStore
  readonly #rows: IncidentRows
  readonly #nowMs: () => number

  /** `nowMs`: milliseconds since 1970. */
  constructor(store: ProjectionStore, rows: IncidentRows, nowMs: () => number) {
    this.#store = store
    this.#rows = rows
    this.#nowMs = nowMs
  }

  /** Files a case under its incident. */
  file(one: Case, evidence: CaseEvidence): Filed {
    const traces = one.found.flatMap((found) => found.traces)
    const stale = this.#keptOf(traces)
    if (!isKept(evidence) && stale.length === 0) return { isChanged: false, named: [], changed: [] }
    const partners = this.#partners(evidence, one.conversation)
    const incidents = incidentsOf([evidence, ...partners])
    const incidentOf = ({ conversations }: CaseEvidence): Incident | undefined =>
      incidents.find((some) => some.conversations.some((name) => conversations.includes(name)))
    const incident = incidentOf(evidence)
    const gone = new Set([...stale, ...partners].flatMap((doc) => doc.incident ?? []))
    for (const { id } of incidents) gone.delete(id)
    const isKnown = [...gone, ...incidents.map(({ id }) => id)].some(
      (id) => this.#rows.find(id)?.outcome === 'incident',
    )
    // Killed in between, a row would be lost from the list, or its evidence from the row.
    const changes = new StagedChanges(this.#store)
    for (const id of gone) this.#rows.remove(id, changes)
    const nowMs = this.#nowMs()
    const changed = incidents.filter((some) => this.#rows.put(some, changes, nowMs))
    // Of a group of repeats the first hundred keep their evidence; the count goes on.
    const isRepeat = incident !== undefined && repeatsOf(incident, changes) > REPEATS_KEPT
    const kept = { ...evidence, signals: isRepeat ? evidence.signals.slice(0, 1) : evidence.signals }
    for (const doc of stale) {
      for (const trace of doc.traces) changes.delete(keys.caseOf(trace))
      changes.delete(keys.evidence(doc.conversations[0] ?? ''))
      for (const key of heldKeys(doc, doc.conversations[0] ?? '')) changes.delete(key)
    }
    for (const doc of partners)
      changes.put(keys.evidence(doc.conversations[0] ?? ''), encode(filedUnder(doc, incidentOf(doc))))
    if (isKept(evidence)) {
      changes.put(keys.evidence(one.conversation), encode(filedUnder({ ...kept, traces }, incident)))
      for (const trace of traces) changes.put(keys.caseOf(trace), encode(one.conversation))
      for (const key of heldKeys(evidence, one.conversation)) changes.put(key, NOTHING)
    }
    changes.commit()
    return {
      isChanged: gone.size > 0 || changed.length > 0,
      named: isKnown ? [] : changed.filter(({ outcome }) => outcome === 'incident'),
      changed: changed.map(({ id }) => id),
    }
  }

  /** What was kept of these traces, under whichever case they stood. */
  #keptOf(traces: readonly string[]): readonly EvidenceDoc[] {
    const names = new Set(traces.flatMap((trace) => this.#get<string>(keys.caseOf(trace)) ?? []))
    return [...names].flatMap((name) => this.#evidence(name) ?? [])
  }

  /** Cases with signals whose identities are this one's: they make one incident with it, and keep contexts of their own. */
  #partners({ joins }: CaseEvidence, own: string): readonly EvidenceDoc[] {
    const store = this.#store
    const partners = new Map<string, EvidenceDoc>()
    const queue = joins.filter(isIdentityKey)
    const seen = new Set(queue)
    for (let key = queue.shift(); key !== undefined && partners.size < CONVERSATIONS_JOINED; key = queue.shift()) {
      for (const [row] of store.scan({ prefix: keys.heldBy(key), limit: JOINED_TRACES })) {
        const name = partAt(row, 2)
        const doc = name === own || partners.has(name) ? undefined : this.#evidence(name)
        if (doc === undefined) continue
        partners.set(name, doc)
        for (const more of doc.joins) {
          if (isIdentityKey(more) && !seen.has(more)) queue.push(more)
          seen.add(more)
        }
      }
    }
    return [...partners.values()]
  }

  #evidence(name: string): EvidenceDoc | undefined {
    const bytes = this.#store.get(keys.evidence(name))
    return bytes === undefined ? undefined : decodeEvidence(bytes)
  }

  #get<T>(key: string): T | undefined {
    const bytes = this.#store.get(key)
    return bytes === undefined ? undefined : decode<T>(bytes)
  }
}

/** What an authority recorded of a session belongs to what the agent did in it, also where it is all in order. */
function isKept({ signals, sight, joins }: CaseEvidence): boolean {
  return signals.length > 0 || (sight.authority.count > 0 && joins.some(isIdentityKey))
}

const NOTHING = new Uint8Array(0)

/** Where a case is found by the identities that it shares. */
function heldKeys({ joins }: Pick<CaseEvidence, 'joins'>, conversation: string): readonly string[] {
  return joins.filter(isIdentityKey).map((key) => keys.held(key, conversation))
}

function filedUnder({ incident: _before, ...doc }: EvidenceDoc, incident: Incident | undefined): EvidenceDoc {
  return { ...doc, ...(incident === undefined ? {} : { incident: incident.id }) }
}
