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
 * Violations and incidents, newest first. Violations are judged anew from the log, page by page: of agents that never had a
 * policy nothing is read.
 */
export async function listAudit(parts: ListParts, query: Query<'listAudit'>): Promise<AuditList> {
  const { kind, limit = PAGE } = query
  const incidents = kind === undefined || kind === 'incident' ? await incidentsOf(parts, query) : []
  const violations =
    kind === undefined || kind === 'violation'
      ? await violationsOf(parts, query)
      : { hits: [], looked: 0, next: undefined }
  const all = [
    ...violations.hits,
    ...(query.cursor === undefined && query.artifact === undefined ? incidents : []),
  ].toSorted(newestFirst)
  return {
    items: all.slice(0, limit),
    facets: {
      kind: facet(all, (hit) => hit.kind),
      agent: facet(all, (hit) => hit.agent),
      mode: facet(all, (hit) => hit.mode),
      artifact: facet(all, (hit) => hit.artifact),
    },
    total: all.length,
    looked: violations.looked,
    ...(violations.next === undefined ? {} : { nextCursor: String(violations.next) }),
  }
}

async function incidentsOf({ views }: ListParts, { agent }: Query<'listAudit'>): Promise<readonly AuditHit[]> {
  const answer = await views.ask('listIncidents', { query: { limit: 500, ...(agent === undefined ? {} : { agent }) } })
  const { items } = JSON.parse(answer) as Answer<'listIncidents'> // what the worker answers to this question
  return items.map(({ id, headline, firstClaimed, agents, conversations }) => ({
    row: auditRowId(id),
    kind: 'incident',
    id,
    words: headline,
    at: String(parseRfc3339(firstClaimed) ?? 0n),
    agent: agents[0] ?? '',
    conversation: conversations[0] ?? '',
  }))
}

type Page = { readonly hits: readonly AuditHit[]; readonly looked: number; readonly next: number | undefined }

async function violationsOf({ reader, policies }: ListParts, query: Query<'listAudit'>): Promise<Page> {
  const { agent, artifact, cursor, limit = PAGE } = query
  const agents = [...policies.agents()].filter((id) => agent === undefined || id === agent)
  const end = cursor === undefined ? reader.size() : Number(cursor)
  if (!Number.isSafeInteger(end) || end < 0) throw new HttpError(400, 'cursor: not one that this list gave')
  const segments = agents
    .flatMap((id) => {
      const parsed = parseAgentId(id)
      return parsed === undefined ? [] : reader.segments({ agent: parsed })
    })
    .filter(({ first, channel }) => first < end && channel !== 'control')
    .toSorted((a, b) => b.first - a.first)
  const hits: AuditHit[] = []
  let looked = 0
  for (const { first, count } of segments) {
    if (looked >= ENTRIES_PER_PAGE || hits.length >= limit) return { hits, looked, next: first + 1 }
    for (const entry of readable(reader, { from: first, to: Math.min(end, first + count) })) {
      looked += 1
      if (looked % ENTRIES_PER_TURN === 0) await turn()
      for (const event of normalise(entry).events) {
        const violation = policies.violationOf(event)
        if (violation === undefined || (artifact !== undefined && violation.artifact !== artifact)) continue
        hits.push(hitOf(event, violation))
      }
    }
  }
  return { hits, looked, next: undefined }
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
