import { setImmediate as turn } from 'node:timers/promises'
import type { Answer, AuditHit, AuditList, Query } from '@holdfast/api'
import { normalise } from '@holdfast/capture'
import { auditRowId, parseAgentId, parseRfc3339, type AuditViolation, type Event } from '@holdfast/model'
import { RecorderError, type LogReader } from '@holdfast/recorder'
import { summarise } from '@holdfast/graph'
import { HttpError } from '../http/problem.ts'
import type { ViewsClient } from '../views/client.ts'
import { ownConversation, traceKeyOf } from '../views/keys.ts'
import { ENTRIES_PER_PAGE, ENTRIES_PER_TURN, PAGE } from './limits.ts'
import { wordsOf } from './words-of.ts'

/** What policies say of acts, and of whom they speak at all. */
export type PoliciesInForce = {
  readonly violationOf: (event: Event) => Omit<AuditViolation, 'event' | 'entry'> | undefined
  /** Ids of agents for which a policy was ever in force. */
  readonly agents: () => ReadonlySet<string>
}

export type ListParts = {
  readonly reader: LogReader
  readonly views: Pick<ViewsClient, 'ask'>
  readonly policies: PoliciesInForce
}

/**
 * Violations and incidents, newest first within a page. Violations are judged anew from the log, page by page from its end: of
 * agents that never had a policy nothing is read. Where there are both, incidents have half of a page at most, and the pages
 * together hold every one of both that is listed; `withheld` and `cold` count what is not.
 */
export async function listAudit(parts: ListParts, query: Query<'listAudit'>): Promise<AuditList> {
  const { kind, artifact, limit = PAGE } = query
  const from = placeOf(query.cursor, parts.reader.size())
  const isAbout = (one: AuditHit['kind']): boolean => kind === undefined || kind === one
  // An incident is no violation of one artifact.
  const {
    items: left,
    total,
    withheld,
  } = isAbout('incident') && artifact === undefined
    ? await incidentsOf(parts, query, { offset: from.incidents, limit })
    : { items: [], total: 0, withheld: 0 }
  const reserved = isAbout('violation') ? Math.min(left.length, Math.ceil(limit / 2)) : limit
  const violations = isAbout('violation')
    ? await violationsOf(parts, query, { end: from.violations, room: limit - reserved })
    : { hits: [], looked: 0, cold: 0, next: 0 }
  const shown = left.slice(0, Math.max(reserved, limit - violations.hits.length))
  const all = [...violations.hits, ...shown]
  // How many incidents there are is known at once. The first page counts them, so that counts of pages add up.
  const named = query.cursor === undefined ? total : 0
  const kinds = [
    { value: 'incident', count: named },
    { value: 'violation', count: violations.hits.length },
  ]
  const next = { violations: violations.next, incidents: from.incidents + shown.length }
  return {
    items: all.toSorted(newestFirst),
    facets: {
      kind: kinds.filter(({ count }) => count > 0).toSorted((a, b) => b.count - a.count),
      agent: facet(all, (hit) => hit.agent),
      mode: facet(all, (hit) => hit.mode),
      artifact: facet(all, (hit) => hit.artifact),
    },
    total: violations.hits.length + named,
    looked: violations.looked,
    cold: violations.cold,
    withheld,
    ...(next.violations === 0 && next.incidents >= total ? {} : { nextCursor: `${next.violations}-${next.incidents}` }),
  }
}

/** Where a page begins: violations in entries below one, and incidents after so many. */
type Place = { readonly violations: number; readonly incidents: number }

function placeOf(cursor: string | undefined, size: number): Place {
  if (cursor === undefined) return { violations: size, incidents: 0 }
  const parts = /^(\d{1,15})-(\d{1,15})$/.exec(cursor)
  if (parts === null) throw new HttpError(400, 'cursor: not one that this list gave')
  return { violations: Number(parts[1]), incidents: Number(parts[2]) }
}

type Incidents = { readonly items: readonly AuditHit[]; readonly total: number; readonly withheld: number }

/** One page in the order of the list of incidents, which has the newest first, so that none of them is read twice. */
async function incidentsOf(
  { views }: ListParts,
  { agent }: Query<'listAudit'>,
  page: { readonly offset: number; readonly limit: number },
): Promise<Incidents> {
  const answer = await views.ask('listIncidents', { query: { ...page, ...(agent === undefined ? {} : { agent }) } })
  const { items, total, withheld } = JSON.parse(answer) as Answer<'listIncidents'> // what the worker answers to this question
  const hits = items.map(({ id, headline, firstClaimed, agents, conversations }) => ({
    row: auditRowId(id),
    kind: 'incident' as const,
    id,
    words: headline,
    at: String(parseRfc3339(firstClaimed) ?? 0n),
    agent: agents[0] ?? '',
    conversation: conversations[0] ?? '',
  }))
  return { items: hits, total, withheld }
}

/** `cold`: entries that could not be read. `next`: entries below it were not judged; 0 where all were. */
type Page = {
  readonly hits: readonly AuditHit[]
  readonly looked: number
  readonly cold: number
  readonly next: number
}

async function violationsOf(
  { reader, policies }: ListParts,
  { agent, artifact }: Query<'listAudit'>,
  { end, room }: { readonly end: number; readonly room: number },
): Promise<Page> {
  const agents = [...policies.agents()].filter((id) => agent === undefined || id === agent)
  const segments = agents
    .flatMap((id) => {
      const parsed = parseAgentId(id)
      return parsed === undefined ? [] : reader.segments({ agent: parsed })
    })
    .filter(({ first, channel }) => first < end && channel !== 'control')
    .toSorted((a, b) => b.first - a.first)
  const hits: AuditHit[] = []
  const counted = { looked: 0, cold: 0 }
  for (const { first, count } of segments) {
    const to = Math.min(end, first + count)
    if (counted.looked >= ENTRIES_PER_PAGE || hits.length >= room) return { hits, ...counted, next: to }
    const before = counted.looked
    const found: { readonly entry: number; readonly hits: readonly AuditHit[] }[] = []
    for (const entry of readable(reader, { from: first, to })) {
      counted.looked += 1
      if (counted.looked % ENTRIES_PER_TURN === 0) await turn()
      const own = normalise(entry).events.flatMap((event) => {
        const violation = policies.violationOf(event)
        const isWanted = violation !== undefined && (artifact === undefined || violation.artifact === artifact)
        return isWanted ? [hitOf(event, violation)] : []
      })
      if (own.length > 0) found.push({ entry: entry.index, hits: own })
    }
    // A segment is read whole or is in cold storage whole.
    if (counted.looked === before) counted.cold += to - first
    for (const { entry, hits: own } of found.toReversed()) {
      // One entry stays together, so a page may be longer than asked for where it holds nothing else.
      if (hits.length > 0 && hits.length + own.length > room) return { hits, ...counted, next: entry + 1 }
      hits.push(...own)
    }
  }
  return { hits, ...counted, next: 0 }
}

/** Entries of a segment; none where they are in cold storage that is not attached, since no page is to fail for that. */
function* readable(
  reader: LogReader,
  range: { readonly from: number; readonly to: number },
): ReturnType<LogReader['entries']> {
  try {
    yield* reader.entries(range)
  } catch (error) {
    if (!(error instanceof RecorderError) || error.code !== 'cold') throw error
  }
}

function hitOf(event: Event, { artifact, mode, what }: Omit<AuditViolation, 'event' | 'entry'>): AuditHit {
  const summary = summarise(event)
  return {
    row: auditRowId(event.id),
    kind: 'violation',
    id: event.id,
    words: `${wordsOf(summary)}: ${what}`,
    at: event.claimedAt.toString(),
    agent: event.agent.id,
    conversation: event.context.conversation ?? ownConversation(traceKeyOf(summary)),
    artifact,
    mode,
  }
}

function facet(
  hits: readonly AuditHit[],
  of: (hit: AuditHit) => string | undefined,
): { value: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const hit of hits) {
    const value = of(hit)
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
}

function newestFirst(a: AuditHit, b: AuditHit): number {
  const [first, second] = [BigInt(a.at), BigInt(b.at)]
  if (first !== second) return first > second ? -1 : 1
  return a.row < b.row ? -1 : 1
}
