import type { Answer, FleetWire, Query } from '@holdfast/api'
import { formatRfc3339, parseRfc3339 } from '@holdfast/model'
import { diskUseOf, runwayOf } from '../disk-use.ts'
import type { HandlerSources } from '../http/handlers.ts'
import { blindSpots } from './blind-spots.ts'
import type { FleetAgents } from './fleet-queries.ts'
import type { FleetDeeds } from './fleet-rows.ts'
import { heldAgents } from './held-agents.ts'
import { INCIDENTS_READ, INGEST_SILENT_NS } from './limits.ts'

export type FleetSources = Pick<
  HandlerSources,
  | 'views'
  | 'recorder'
  | 'ledger'
  | 'folder'
  | 'gaps'
  | 'clock'
  | 'sensors'
  | 'localSensor'
  | 'managed'
  | 'containments'
  | 'response'
  | 'cases'
>

/** All agents together: the projection worker counts them, and what this thread knows stands beside. */
export async function fleetOf(sources: FleetSources): Promise<FleetWire> {
  const { views, clock, sensors, localSensor, managed } = sources
  const open = await openIncidents(sources)
  const asked = { now: formatRfc3339(clock()), deeds: deedsOf(sources, open) }
  const { last, ...agents } = JSON.parse(await views.ask('getFleet', asked)) as FleetAgents // what FleetQueries answers
  return {
    ...agents,
    incidents: { open: open.count, truncated: open.isTruncated },
    blind: [
      ...blindSpots({
        agents,
        sensors: sensors.sensors(),
        local: localSensor.state(),
        platforms: managed.list(),
      }),
    ],
    ingest: await ingestOf(sources, last),
    integrity: await integrityOf(sources),
  }
}

/** One page of the agents behind a count, as JSON. */
export async function fleetAgents(sources: FleetSources, query: Query<'listFleetAgents'>): Promise<string> {
  const { views, clock } = sources
  const deeds = deedsOf(sources, await openIncidents(sources))
  return views.ask('listFleetAgents', { now: formatRfc3339(clock()), deeds, query })
}

type OpenIncidents = { readonly of: FleetDeeds['incidents']; readonly count: number; readonly isTruncated: boolean }

/** Incidents whose case has not ended, by agent. */
async function openIncidents({ views, cases }: FleetSources): Promise<OpenIncidents> {
  const asked = await views.ask('listIncidents', { query: { outcome: 'incident', limit: INCIDENTS_READ } })
  const { items, total } = JSON.parse(asked) as Answer<'listIncidents'> // the route's own answer
  const open = items.filter((row) => cases.endOf(row) === undefined)
  return {
    of: open.flatMap(({ id, agents }) => agents.map((agent) => [agent, id] as const)),
    count: open.length,
    isTruncated: total > items.length,
  }
}

function deedsOf({ containments, response }: FleetSources, { of }: OpenIncidents): FleetDeeds {
  return { held: [...heldAgents({ containments, book: response.book })], incidents: of }
}

async function ingestOf(sources: FleetSources, last: string | undefined): Promise<FleetWire['ingest']> {
  const { ledger, recorder, gaps, views, clock } = sources
  const now = clock()
  await ledger.catchUp(now)
  const heard = last === undefined ? undefined : parseRfc3339(last)
  const { refused, lost } = ledger.totals
  return {
    state: heard === undefined ? 'never' : now - heard > INGEST_SILENT_NS ? 'silent' : 'receiving',
    ...(last === undefined ? {} : { last }),
    hours: ledger.hours(now).map(({ from, ...hour }) => ({ from: formatRfc3339(from), ...hour })),
    lag: Math.max(0, recorder.size - views.cursor),
    refused,
    lost,
    duplicates: recorder.stats().duplicates,
    reasons: [...gaps.totals.byReason].map(([reason, requests]) => ({ reason, requests })),
  }
}

async function integrityOf({ recorder, ledger, folder, clock }: FleetSources): Promise<FleetWire['integrity']> {
  const { disk, lastCheckpoint } = recorder.stats()
  const use = await diskUseOf(folder)
  return {
    size: recorder.size,
    checkpoint: recorder.checkpoint().size,
    checkpointAgeMs: Number(clock() - lastCheckpoint.signedAt) / 1e6,
    gaps: ledger.totals.gaps,
    freeBytes: disk.freeBytes,
    ...runwayOf(disk.freeBytes - disk.neededBytes, use, ledger.storeRate(clock())),
  }
}
