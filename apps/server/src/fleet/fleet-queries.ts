import { FLEET_MARKS, type Answer, type FleetMark, type FleetRow, type FleetWire, type Query } from '@holdfast/api'
import { AGENT_CLASSES } from '@holdfast/model'
import type { StepsOfWork } from '@holdfast/detect'
import {
  readProfiles,
  readRows,
  severity,
  withDeeds,
  type FleetDeeds,
  type ReadRows,
  type RowSources,
} from './fleet-rows.ts'
import {
  FLEET_KEPT_MS,
  FLEET_REST,
  INCIDENTS_OF_ONE,
  OBSERVING_SHOWN,
  ROWS_SHOWN,
  TILES_OF_CLASS,
  TILES_SHOWN,
} from './limits.ts'

/** The wall clock's word and what the acting thread knows go with each question. */
type Asked = { readonly now: string; readonly deeds: FleetDeeds }

/** Questions on all agents together, by route name; the value is what the route's handler needs. */
export type FleetQuestions = {
  /** {@link FleetAgents}: the part of the answer that reads agents. */
  getFleet: Asked
  listFleetAgents: Asked & { readonly query: Query<'listFleetAgents'> }
}

export type FleetQuestion = keyof FleetQuestions

/** What the projections say of all agents. `last`: when something of an agent was recorded last. */
export type FleetAgents = Pick<FleetWire, 'asOf' | 'agents' | 'marks' | 'classes' | 'tiles' | 'observing'> & {
  readonly last?: string
}

/** Answers from one reading of the agents, which holds for {@link FLEET_KEPT_MS}, of a large fleet longer. */
export class FleetQueries {
  readonly #sources: RowSources
  #kept: { readonly read: ReadRows; readonly asOf: string; readonly atMs: number; readonly keptMs: number } | undefined

  constructor(sources: RowSources) {
    this.#sources = sources
  }

  /** Step by step: thousands of agents take a while, and other questions are answered between. */
  *answering(question: FleetQuestion, args: unknown): StepsOfWork<unknown> {
    switch (question) {
      case 'getFleet':
        return yield* this.#fleet(args as FleetQuestions['getFleet']) // ViewsClient.ask types the arguments by the question
      case 'listFleetAgents':
        return yield* this.#list(args as FleetQuestions['listFleetAgents']) // likewise
    }
  }

  *#fleet({ now, deeds }: FleetQuestions['getFleet']): StepsOfWork<FleetAgents> {
    const { read, asOf } = yield* this.#read(now)
    const rows = withDeeds(read.rows, deeds, INCIDENTS_OF_ONE)
    const [newest] = read.rows
    const fleet = countFleet(rows, { asOf, total: read.total, unread: read.old.length })
    return { ...fleet, ...(newest === undefined ? {} : { last: newest.lastSeen }) }
  }

  *#list({ now, deeds, query }: FleetQuestions['listFleetAgents']): StepsOfWork<Answer<'listFleetAgents'>> {
    const { read, asOf } = yield* this.#read(now)
    const needle = query.q?.toLowerCase()
    const found = withDeeds(read.rows, deeds, INCIDENTS_OF_ONE).filter(
      (row) =>
        (query.class === undefined || row.class === query.class) &&
        (query.mark === undefined || row.marks.includes(query.mark)) &&
        (needle === undefined || `${row.agent} ${row.name}`.toLowerCase().includes(needle)),
    )
    const offset = query.offset ?? 0
    return { items: found.slice(offset, offset + (query.limit ?? ROWS_SHOWN)), total: found.length, asOf }
  }

  *#read(now: string): StepsOfWork<{ readonly read: ReadRows; readonly asOf: string }> {
    const kept = this.#kept
    const begun = this.#sources.nowMs()
    const isKept = kept !== undefined && begun - kept.atMs < kept.keptMs
    const rows = isKept ? kept.read : yield* readRows(this.#sources, now)
    const atMs = this.#sources.nowMs()
    const made = isKept ? kept : { asOf: now, atMs, keptMs: Math.max(FLEET_KEPT_MS, FLEET_REST * (atMs - begun)) }
    // Old profiles are gone on with by each question, while the rows are kept.
    const read = rows.old.length === 0 ? rows : yield* readProfiles(rows, this.#sources, now)
    this.#kept = { ...made, read }
    return this.#kept
  }
}

export function isFleetQuestion(question: string): question is FleetQuestion {
  return question === 'getFleet' || question === 'listFleetAgents'
}

/** Rows, the worst first, as counts, tiles and names. */
export function countFleet(
  rows: readonly FleetRow[],
  { asOf, total, unread }: { readonly asOf: string; readonly total: number; readonly unread: number },
): FleetAgents {
  const classes = [...Map.groupBy(rows, (row) => row.class)].toSorted(([a], [b]) => classPlace(a) - classPlace(b))
  const observing = rows.filter(({ marks }) => marks.includes('observing') || marks.includes('non-convergent'))
  return {
    asOf,
    agents: { total: Math.max(total, rows.length), read: rows.length, unread },
    marks: countsOf(rows),
    classes: classes.map(([name, own]) => ({ class: name, agents: own.length, marks: countsOf(own) })),
    tiles: tilesOf(
      rows,
      classes.map(([, own]) => own),
    ).toSorted((a, b) => classPlace(a.class) - classPlace(b.class) || severity(a) - severity(b)),
    observing: observing
      .toSorted((a, b) => (b.observed?.hours ?? 0) - (a.observed?.hours ?? 0))
      .slice(0, OBSERVING_SHOWN),
  }
}

/** The worst of all, and of each class the worst at least: a large class hides no small one. */
function tilesOf(rows: readonly FleetRow[], classes: readonly (readonly FleetRow[])[]): readonly FleetRow[] {
  const ofEach = classes.flatMap((own) => own.slice(0, TILES_OF_CLASS))
  return [...new Set([...ofEach, ...rows])].slice(0, TILES_SHOWN)
}

function countsOf(rows: readonly FleetRow[]): { readonly mark: FleetMark; readonly agents: number }[] {
  const counts = new Map<FleetMark, number>()
  for (const { marks } of rows) for (const mark of marks) counts.set(mark, (counts.get(mark) ?? 0) + 1)
  return FLEET_MARKS.flatMap((mark) => {
    const agents = counts.get(mark)
    return agents === undefined ? [] : [{ mark, agents }]
  })
}

function classPlace(name: string): number {
  const place = AGENT_CLASSES.findIndex((known) => known === name)
  return place < 0 ? AGENT_CLASSES.length : place
}
