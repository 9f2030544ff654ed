import { hash } from 'node:crypto'
import type { Incident } from '@holdfast/model'
import type { ProjectionStore } from '@holdfast/recorder'
import { decode, encode } from '../inventory/docs.ts'
import type { GroupDoc, IncidentRow } from './docs.ts'
import { lastActOf } from './harmful-acts.ts'
import { keys, partAt } from './keys.ts'
import type { StagedChanges } from './staged-changes.ts'
import { KINDS_LISTED, ROWS_COUNTED, ROWS_OF_ONE, ROWS_PER_AGENT, ROWS_PER_KIND } from './limits.ts'

const NOTHING = new Uint8Array(0)

/**
 * Incidents as rows of a list. Repeats of one thing (the same agent, deed and sentence) are one row with a count, whatever
 * their number; a group is found by any of its members. Changes are staged, so that a row and its places in the lists
 * stand together; making one again changes nothing.
 */
export class IncidentRows {
  readonly #store: ProjectionStore

  constructor(store: ProjectionStore) {
    this.#store = store
  }

  /** The row of an incident by its id, by one under which a part of it was known, or by one that nobody else goes by and it did. */
  find(id: string): IncidentRow | undefined {
    const alias = this.#get<string>(keys.alias(id))
    const own = this.#get<IncidentRow>(keys.incident(alias ?? id))
    if (own !== undefined) return own
    const later = this.#get<string>(keys.earlier(id))
    return later === undefined ? undefined : this.#get<IncidentRow>(keys.incident(later))
  }

  /** True where that changed anything, at `nowMs`. */
  put(incident: Incident, changes: StagedChanges, nowMs: number): boolean {
    const row = rowOf(incident)
    const before = read<IncidentRow>(changes, keys.incident(row.id))
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(decode(encode(row)))) return false
    this.remove(row.id, changes)
    const group = read<GroupDoc>(changes, keys.group(row.group))
    changes.put(keys.incident(row.id), encode(row))
    for (const key of namedBy(row)) changes.put(key, encode(row.id))
    changes.put(keys.first(row.group, row.firstClaimed, row.id), NOTHING)
    changes.put(keys.last(row.group, row.lastClaimed, row.id), NOTHING)
    changes.put(keys.lastLogged(row.group, row.lastActEntry, row.id), NOTHING)
    const count = (group?.count ?? 0) + 1
    changes.put(keys.group(row.group), encode({ ...(group ?? emptyGroup(row)), count, filedMs: nowMs }))
    refresh(row.group, changes)
    return true
  }

  remove(id: string, changes: StagedChanges): void {
    const row = read<IncidentRow>(changes, keys.incident(id))
    if (row === undefined) return
    const group = read<GroupDoc>(changes, keys.group(row.group))
    if (group !== undefined) changes.put(keys.group(row.group), encode({ ...group, count: group.count - 1 }))
    changes.delete(keys.incident(id))
    // Another incident may go by it meanwhile.
    for (const key of namedBy(row)) if (read<string>(changes, key) === id) changes.delete(key)
    changes.delete(keys.first(row.group, row.firstClaimed, id))
    changes.delete(keys.last(row.group, row.lastClaimed, id))
    changes.delete(keys.lastLogged(row.group, row.lastActEntry, id))
    refresh(row.group, changes)
  }

  /** How often the same was seen, itself among them. */
  repeats({ group }: IncidentRow): number {
    return countOf(group, this.#store)
  }

  /** Groups of one agent, the latest first. */
  ofAgent(agent: string): readonly GroupDoc[] {
    return this.#listed(this.#store.scan({ prefix: keys.listedOf(agent), limit: ROWS_OF_ONE }), 3).toSorted(newestFirst)
  }

  /**
   * Groups of all agents, the latest first, and how many are left out: of one agent the latest {@link ROWS_PER_AGENT} are
   * shown, and of one kind the latest {@link ROWS_PER_KIND}, so that neither an agent's storm nor the same deed of
   * thousands of agents hides another. Kinds with a row that pages somebody come first.
   */
  ofAll(): { readonly groups: readonly GroupDoc[]; readonly withheld: number } {
    const ofAgent = new Map<string, number>()
    const groups = this.#kinds()
      .flatMap((kind) => this.#listed(this.#store.scan({ prefix: kind, limit: ROWS_PER_KIND }), 4))
      .toSorted(newestFirst)
      .filter(({ first }) => {
        const counts = first.agents.map((agent) => (ofAgent.get(agent) ?? 0) + 1)
        for (const [i, agent] of first.agents.entries()) ofAgent.set(agent, counts[i] ?? 1)
        return Math.min(...counts) <= ROWS_PER_AGENT
      })
    const all = this.#store.scan({ prefix: keys.kindsAll(), limit: ROWS_COUNTED }).length
    return { groups, withheld: Math.max(0, all - groups.length) }
  }

  #listed(rows: readonly (readonly [key: string, value: Uint8Array])[], place: number): readonly GroupDoc[] {
    return rows.flatMap(([key]) => this.#get<GroupDoc>(keys.group(partAt(key, place))) ?? [])
  }

  /** Prefixes of the kinds that have rows; each is found by one look past the rows of the one before. */
  #kinds(): readonly string[] {
    const kinds: string[] = []
    for (let after: string | undefined; kinds.length < KINDS_LISTED;) {
      const [row] = this.#store.scan({
        prefix: keys.kindsAll(),
        limit: 1,
        ...(after === undefined ? {} : { after }),
      })
      if (row === undefined) break
      const [, tier = '', kind = ''] = row[0].split('/')
      kinds.push(keys.kindOf(tier, kind))
      after = keys.kindEnd(tier, kind)
    }
    return kinds
  }

  #get<T>(key: string): T | undefined {
    return read<T>(this.#store, key)
  }
}

/** Puts a group where its newest member stands in the lists, under the first of its members. */
function refresh(id: string, changes: StagedChanges): void {
  const group = read<GroupDoc>(changes, keys.group(id))
  if (group === undefined) return
  for (const agent of group.agents) changes.delete(keys.listed(agent, group.lastClaimed, id))
  changes.delete(kindKey(group, id))
  const first = memberAt(keys.firsts(id), changes)
  const last = memberAt(keys.lasts(id), changes)
  const logged = memberAt(keys.lastsLogged(id), changes)
  if (first === undefined || last === undefined || logged === undefined) {
    changes.delete(keys.group(id))
    return
  }
  const { lastClaimed } = last
  const { lastActEntry } = logged
  const doc: GroupDoc = { ...group, first, lastClaimed, lastActEntry, agents: first.agents }
  changes.put(keys.group(id), encode(doc))
  for (const agent of doc.agents) changes.put(keys.listed(agent, doc.lastClaimed, id), NOTHING)
  changes.put(kindKey(doc, id), NOTHING)
}

/** How often the same as an incident was seen, once what is staged is done. */
export function repeatsOf(incident: Incident, changes: StagedChanges): number {
  return countOf(rowOf(incident).group, changes)
}

function countOf(group: string, from: Pick<StagedChanges, 'get'>): number {
  return read<GroupDoc>(from, keys.group(group))?.count ?? 1
}

function memberAt(prefix: string, changes: StagedChanges): IncidentRow | undefined {
  const key = changes.firstKey(prefix)
  return key === undefined ? undefined : read<IncidentRow>(changes, keys.incident(partAt(key, 3)))
}

function read<T>(from: Pick<StagedChanges, 'get'>, key: string): T | undefined {
  const bytes = from.get(key)
  return bytes === undefined ? undefined : decode<T>(bytes)
}

/** Where it is found by the other ids that it goes by. */
function namedBy({ alsoKnownAs, earlierIds = [] }: IncidentRow): readonly string[] {
  return [...alsoKnownAs.map(keys.alias), ...earlierIds.map(keys.earlier)]
}

function rowOf(incident: Incident): IncidentRow {
  const { triage, firstClaimed, lastClaimed, repeatKey } = incident
  const lastAct = lastActOf(incident)
  return {
    id: incident.id,
    alsoKnownAs: incident.alsoKnownAs,
    ...(incident.earlierIds === undefined ? {} : { earlierIds: incident.earlierIds }),
    outcome: incident.outcome,
    standing: incident.standing,
    type: incident.type,
    contributing: incident.contributing,
    confidence: incident.confidence,
    headline: incident.headline,
    agents: incident.agents,
    conversations: incident.conversations,
    tier: incident.tier,
    triage: triage.tier,
    firstClaimed: firstClaimed.toString(),
    lastClaimed: lastClaimed.toString(),
    lastActEntry: lastAct.entry,
    ...(lastAct.claimedAt === undefined ? {} : { lastActClaimed: lastAct.claimedAt.toString() }),
    group: hash('sha256', repeatKey).slice(0, 32),
    kind: hash('sha256', kindOf(incident)).slice(0, 16),
  }
}

/** What repeats share, without whose they are. */
function kindOf({ outcome, type, agents, repeatKey }: Incident): string {
  return `${outcome}\n${type}\n${repeatKey.slice(`${outcome}\n${type}\n${agents[0] ?? ''}\n`.length)}`
}

/** Where a group stands in the list of all: what pages somebody first, and what is like each other together. */
function kindKey({ first, lastClaimed }: GroupDoc, id: string): string {
  return keys.listedKind({ tier: TIERS[first.triage], kind: first.kind, claimedAt: lastClaimed, group: id })
}

const TIERS: Readonly<Record<Incident['triage']['tier'], string>> = { page: '0', investigate: '1', document: '2' }

function emptyGroup(row: IncidentRow): GroupDoc {
  return { count: 0, first: row, lastClaimed: row.lastClaimed, lastActEntry: row.lastActEntry, agents: [] }
}

function newestFirst(a: GroupDoc, b: GroupDoc): number {
  const [one, other] = [BigInt(a.lastClaimed), BigInt(b.lastClaimed)]
  return one > other ? -1 : one < other ? 1 : a.first.id < b.first.id ? -1 : 1
}
