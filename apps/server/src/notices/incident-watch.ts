import type { Answer, IncidentRowWire, IncidentWire } from '@holdfast/api'
import { incidentNames, type UnixNano } from '@holdfast/model'
import type { Logger } from 'pino'
import { ViewError, type ViewsClient } from '../views/client.ts'
import { incidentNotice, incidentPath, severityOf, typeWords } from './incident-notice.ts'
import { INCIDENTS_LOOKED_AT, INCIDENTS_REMEMBERED, LOOK_AGAIN_MS, LOOK_AFTER_MS, LOOKED_UP_AT_ONCE } from './limits.ts'
import type { Outbox } from './outbox.ts'

export type IncidentWatchSources = {
  readonly views: Pick<ViewsClient, 'ask' | 'onFiled'>
  readonly notices: Pick<Outbox, 'tell' | 'since' | 'ofIncident' | 'list' | 'alsoKnown' | 'nameOf'>
  /** What the ladder proposes for an incident, in a few words. */
  readonly proposed?: (incident: string) => Promise<string | undefined>
  readonly clock: () => UnixNano
  readonly later: (ms: number, call: () => void) => () => void
  readonly escalateAfterMs: number
  readonly logger: Logger
}

/** How an incident stood when it was told last. */
type Told = { readonly name: string; readonly stand: string; readonly agents: readonly string[] }

/**
 * Tells of incidents: that one was named, that its name or urgency changed, and that nobody has taken one that pages. What was
 * recorded before anybody listened is not told. It looks when the projection says that an incident was filed.
 */
export class IncidentWatch implements AsyncDisposable {
  readonly #sources: IncidentWatchSources
  /** By the id under which an incident is listed now. */
  readonly #told = new Map<string, Told>()
  /** Incidents of which nothing was learned since somebody listens. */
  readonly #old = new Set<string>()
  /** Ids that were filed since the last look. */
  readonly #filed = new Set<string>()
  #cancel: (() => void) | undefined
  #stopFollowing: (() => void) | undefined
  #look: Promise<void> | undefined
  #isStale = false
  #isClosed = false

  constructor(sources: IncidentWatchSources) {
    this.#sources = sources
  }

  start(): void {
    if (this.#sources.notices.since === undefined) return
    this.#stopFollowing = this.#sources.views.onFiled((incidents) => {
      for (const id of incidents) {
        remember(this.#filed, id)
        this.#old.delete(id)
      }
      this.#soon(LOOK_AFTER_MS)
    })
    this.#soon(LOOK_AFTER_MS)
  }

  /** The incident with this agent that was told last. */
  incidentOf(agent: string): string | undefined {
    return [...this.#told.values()].findLast(({ agents }) => agents.includes(agent))?.name
  }

  /** Looks at the list of incidents once and tells what is new; resolves once that is on record. */
  look(): Promise<void> {
    if (this.#look !== undefined) {
      this.#isStale = true
      return this.#look
    }
    this.#look = this.#once()
      .catch((error: unknown) => {
        this.#sources.logger.error({ err: error }, 'incidents could not be told yet')
        this.#isStale = true
      })
      .finally(() => {
        this.#look = undefined
        if (!this.#isStale) return
        this.#isStale = false
        this.#soon(LOOK_AGAIN_MS)
      })
    return this.#look
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    this.#stopFollowing?.()
    this.#cancel?.()
    await this.#look
  }

  #soon(ms: number): void {
    if (this.#isClosed || this.#cancel !== undefined) return
    this.#cancel = this.#sources.later(ms, () => {
      this.#cancel = undefined
      void this.look()
    })
  }

  async #once(): Promise<void> {
    const query = { outcome: 'all', limit: INCIDENTS_LOOKED_AT } as const
    const list = JSON.parse(await this.#sources.views.ask('listIncidents', { query })) as Answer<'listIncidents'> // the worker's answer to this question
    const filed = new Set(this.#filed)
    this.#filed.clear()
    // What was filed now does not wait for what is older; else the earliest first, so that it reads as it happened.
    const rows = list.items.toReversed().toSorted((a, b) => Number(filed.has(b.id)) - Number(filed.has(a.id)))
    let lookedUp = 0
    for (const row of rows) {
      if (this.#isClosed) return
      if (lookedUp >= LOOKED_UP_AT_ONCE) {
        this.#isStale = true
        break
      }
      if (this.#old.has(row.id) || this.#told.get(row.id)?.stand === standOf(row)) continue
      await this.#tellOf(row).catch((error: unknown) => {
        // Gone since it was listed: there is nothing to tell of it.
        if (!(error instanceof ViewError) || error.status !== 404) throw error
        remember(this.#old, row.id)
      })
      lookedUp += 1
    }
    await this.#escalate()
  }

  async #tellOf(row: IncidentRowWire): Promise<void> {
    const { views, notices, proposed, clock } = this.#sources
    const { since } = notices
    const incident = JSON.parse(await views.ask('getIncident', { incident: row.id })) as IncidentWire // likewise
    const names = incidentNames(incident)
    // What was told under a part's name goes on under that name: one card, one page, one ticket.
    const name = names.find((one) => notices.ofIncident(one).length > 0)
    if (name !== undefined) notices.alsoKnown(names, name)
    const last = incident.history.at(-1)?.position ?? 0
    // Nothing was learned of it since somebody listens, and nothing told.
    if (since === undefined || (name === undefined && last < since)) return remember(this.#old, row.id)
    const before = name === undefined ? [] : notices.ofIncident(name)
    const stood = before.findLast(({ notice: { id } }) => id.startsWith('opened:') || id.startsWith('revised:'))
    const stand = standOf(incident)
    const isNews = stood?.notice.id.endsWith(`:${stand}`) !== true
    // A plan or a step may have been told before the incident itself.
    const kind = stood === undefined ? 'incident-opened' : 'incident-revised'
    const place = stood === undefined ? 'opened' : `revised:${last}`
    const id = `${place}:${name ?? incident.id}:${stand}`
    if (isNews) {
      const evidence = JSON.parse(
        await views.ask('getIncidentEvidence', { incident: incident.id }),
      ) as Answer<'getIncidentEvidence'> // likewise
      await notices.tell(
        incidentNotice(incident, {
          id,
          name: name ?? incident.id,
          kind,
          evidence,
          proposed: await proposed?.(incident.id),
          at: clock(),
        }),
      )
    }
    this.#told.delete(row.id)
    this.#told.set(row.id, { name: name ?? incident.id, stand: standOf(row), agents: row.agents })
    bound(this.#told)
  }

  /** Whoever should have come did not: told once an incident, to whoever is above, also where parts of it were told apart. */
  async #escalate(): Promise<void> {
    const { notices, clock, escalateAfterMs } = this.#sources
    const now = clock()
    let next: number | undefined
    const told = notices.list().notices.map(({ notice }) => notice)
    for (const [incident, all] of Map.groupBy(told.toReversed(), (notice) => notices.nameOf(notice.incident))) {
      const paging = all.filter(({ severity }) => severity === 'high' || severity === 'critical')
      const notice = paging.findLast(({ kind }) => kind === 'incident-opened' || kind === 'incident-revised')
      // From when it first paged somebody, and until somebody took it.
      const [first] = paging
      if (notice === undefined || first === undefined || all.some(({ kind }) => ENDS_ESCALATION.has(kind))) continue
      const leftMs = escalateAfterMs - Number(now - first.at) / 1e6
      if (leftMs > 0) {
        next = Math.min(next ?? leftMs, leftMs)
        continue
      }
      await notices.tell({
        id: `escalated:${incident}`,
        kind: 'incident-escalated',
        incident,
        ...(notice.type === undefined ? {} : { type: notice.type }),
        severity: 'critical',
        title: `Nobody has taken it for ${Math.round(escalateAfterMs / 60_000)} minutes: ${notice.type === undefined ? incident : typeWords(notice.type)}`,
        lines: [`Incident ${incident}`, 'Taking it: holdfast incidents open, or the workspace'],
        for: ['security-operations'],
        path: incidentPath(incident),
        at: now,
      })
    }
    if (next !== undefined) this.#soon(Math.ceil(next) + 1)
  }
}

const ENDS_ESCALATION: ReadonlySet<string> = new Set(['incident-acknowledged', 'incident-escalated', 'case-closed'])

/** What makes it news: its type, whether it had an effect, and how urgent it is. Confidence moves too often. */
function standOf(incident: Pick<IncidentWire, 'outcome' | 'type' | 'triage'>): string {
  return `${incident.outcome}/${incident.type}/${severityOf(incident)}`
}

function remember(ids: Set<string>, id: string): void {
  ids.add(id)
  const oldest = ids.values().next().value
  if (ids.size > INCIDENTS_REMEMBERED && oldest !== undefined) ids.delete(oldest)
}

function bound(told: Map<string, Told>): void {
  const oldest = told.keys().next().value
  if (told.size > INCIDENTS_REMEMBERED && oldest !== undefined) told.delete(oldest)
}
