import { FLEET_MARKS, type Agent, type FleetMark, type FleetRow } from '@holdfast/api'
import { formatRfc3339, parseAgentId, parseRfc3339, parseUnixNanoText, type AgentId } from '@holdfast/model'
import type { StepsOfWork } from '@holdfast/detect'
import type { ProjectionStore } from '@holdfast/recorder'
import { decodeDoc, type AgentDoc } from '../views/docs.ts'
import { keys, lastPart } from '../views/keys.ts'
import { FLEET_AGENTS, ROWS_PER_STEP, SILENT_AFTER_NS, STANDINGS_MS } from './limits.ts'
import type { Standing, Standings } from './standings.ts'

/** What the thread that acts knows of agents: who is held, and who is in an open incident. */
export type FleetDeeds = {
  readonly held: readonly (readonly [agent: string, rung: string])[]
  readonly incidents: readonly (readonly [agent: string, incident: string])[]
}

export type RowSources = {
  readonly workspace: Pick<ProjectionStore, 'get' | 'scan'>
  readonly standings: Standings
  /** Monotonic, in milliseconds. */
  readonly nowMs: () => number
  readonly factsOf: (agent: string) => Pick<Agent, 'class' | 'shadow'> | undefined
}

/** All agents as rows, without what the acting thread knows. `old`: places of those whose profile is not as it is recorded now. */
export type ReadRows = { readonly rows: readonly FleetRow[]; readonly total: number; readonly old: readonly number[] }

/** Reads every agent, the most recently heard first, bit by bit; their profiles as they were read before. */
export function* readRows({ workspace, standings, factsOf }: RowSources, now: string): StepsOfWork<ReadRows> {
  const rows: FleetRow[] = []
  const old: number[] = []
  let after: string | undefined
  const instant = parseRfc3339(now) ?? 0n
  for (;;) {
    const limit = Math.min(ROWS_PER_STEP, FLEET_AGENTS - rows.length)
    const page = workspace.scan({ prefix: keys.recentAgents(), limit, ...(after === undefined ? {} : { after }) })
    for (const [key] of page) {
      after = key
      const doc = agentDoc(workspace, lastPart(key))
      if (doc === undefined) continue
      const { standing, isNew } = standings.known(doc.id, now)
      if (!isNew) old.push(rows.length)
      rows.push(rowOf(doc, { standing, facts: factsOf(doc.id), instant }))
    }
    if (page.length < limit || rows.length >= FLEET_AGENTS) break
    yield
  }
  const bytes = workspace.get(keys.agentCount())
  return { rows, total: bytes === undefined ? rows.length : decodeDoc<number>(bytes), old }
}

/** The rows with as many of the old profiles read anew as one answer may. */
export function* readProfiles({ rows, old, total }: ReadRows, sources: RowSources, now: string): StepsOfWork<ReadRows> {
  const { standings, nowMs } = sources
  const anew = new Map<number, FleetRow>()
  let spentMs = 0
  for (const place of old) {
    const row = rows[place]
    if (spentMs >= STANDINGS_MS || row === undefined) break
    const begun = nowMs()
    anew.set(place, withStanding(row, standings.read(row.agent, now)))
    spentMs += nowMs() - begun
    yield
  }
  return { rows: rows.map((row, i) => anew.get(i) ?? row), old: old.filter((place) => !anew.has(place)), total }
}

/** The rows with who is held and who is in an open incident, the worst first. */
export function withDeeds(
  rows: readonly FleetRow[],
  { held, incidents }: FleetDeeds,
  mostIncidents: number,
): readonly FleetRow[] {
  const rungs = new Map(held)
  const open = Map.groupBy(incidents, ([agent]) => agent)
  return rows
    .map((row) => {
      const rung = rungs.get(row.agent)
      const own = (open.get(row.agent) ?? []).map(([, incident]) => incident)
      if (rung === undefined && own.length === 0) return row
      const marks = new Set<FleetMark>(row.marks)
      if (rung !== undefined) marks.add('contained')
      if (own.length > 0) marks.add('incident')
      return {
        ...row,
        marks: FLEET_MARKS.filter((mark) => marks.has(mark)),
        incidents: own.slice(0, mostIncidents),
        ...(rung === undefined ? {} : { rung }),
      }
    })
    .toSorted((a, b) => severity(a) - severity(b) || (a.lastSeen < b.lastSeen ? 1 : -1))
}

/** The place of the worst of its marks: the smaller, the worse. */
export function severity({ marks: [worst] }: Pick<FleetRow, 'marks'>): number {
  return worst === undefined ? FLEET_MARKS.length : FLEET_MARKS.indexOf(worst)
}

type RowFacts = {
  readonly standing: Standing | undefined
  readonly facts: ReturnType<RowSources['factsOf']>
  readonly instant: bigint
}

function rowOf(doc: AgentDoc, { standing, facts, instant }: RowFacts): FleetRow {
  const count = (state: string): number => doc.contents.find(([known]) => known === state)?.[1] ?? 0
  const all = doc.contents.reduce((sum, [, contents]) => sum + contents, 0)
  // Cut and masked texts were captured: what is left of them says what they were.
  const captured = count('captured') + count('redacted') + count('truncated')
  const marks = new Set<FleetMark>()
  if (doc.clocks.includes('live') && instant - BigInt(doc.lastRecorded) > SILENT_AFTER_NS) marks.add('silent')
  if (all > 0 && captured === 0) marks.add('capture-off')
  if (doc.tier === 'self-reported') marks.add('own-word')
  if (facts?.shadow === true) marks.add('shadow')
  const row = {
    agent: doc.id,
    name: doc.name,
    class: facts?.class ?? doc.class,
    marks: [...marks],
    incidents: [],
    clocks: [...doc.clocks],
    tier: doc.tier,
    events: doc.entries,
    contents: { captured, all },
    lastSeen: timeOf(doc.lastRecorded),
  }
  return withStanding(row, standing)
}

/** What a profile's standing says, in place of what was said of it before. */
function withStanding(
  { verdict: _verdict, observed: _observed, ...row }: FleetRow,
  standing: Standing | undefined,
): FleetRow {
  const marks = new Set<FleetMark>(row.marks.filter((mark) => !OF_PROFILES.has(mark)))
  marks.add(markOf(standing))
  if (standing?.isContaminated === true) marks.add('contaminated')
  return {
    ...row,
    marks: FLEET_MARKS.filter((mark) => marks.has(mark)),
    ...(standing === undefined ? {} : { verdict: standing.verdict }),
    ...(standing?.observed === undefined ? {} : { observed: standing.observed }),
  }
}

const OF_PROFILES: ReadonlySet<FleetMark> = new Set([
  'contaminated',
  'non-convergent',
  'observing',
  'converged',
  'no-profile',
  'unread',
])

function markOf(standing: Standing | undefined): FleetMark {
  if (standing === undefined) return 'unread'
  return standing.status === 'no-traffic' ? 'no-profile' : standing.status
}

function agentDoc(store: RowSources['workspace'], id: string): AgentDoc | undefined {
  const agent: AgentId | undefined = parseAgentId(id)
  const bytes = agent === undefined ? undefined : store.get(keys.agent(agent))
  return bytes === undefined ? undefined : decodeDoc<AgentDoc>(bytes)
}

function timeOf(nanos: string): string {
  const time = parseUnixNanoText(nanos)
  return time === undefined ? '' : formatRfc3339(time)
}
