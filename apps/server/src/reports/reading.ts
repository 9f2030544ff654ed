import type { IncidentWire } from '@holdfast/api'
import type { StepsOfWork } from '@holdfast/detect'
import { type EvidenceStatus, formatRfc3339, type Incident, incidentNames } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import type { IncidentReport, Observable } from '@holdfast/respond'
import type { United } from '../views/graph-queries.ts'
import { traceKeyOf } from '../views/keys.ts'
import { type CustodyLine, type DeedPlaces, deedsOf } from './deeds.ts'
import { REPORT_MOMENTS } from './limits.ts'
import { observablesOf } from './observables.ts'
import { toolsOf } from './tools-used.ts'

/** A line of the timeline with its time in decimal nanoseconds. */
export type ReadMoment = IncidentReport['timeline'][number]

/** What the log tells of an incident and of what was done about it: everything a report needs that is not kept in memory. */
export type ReportReading = {
  readonly incident: IncidentWire
  readonly evidence: Pick<EvidenceStatus, 'completeness' | 'artifacts'>
  readonly tools: IncidentReport['tools']
  /** Times in decimal nanoseconds. */
  readonly moments: readonly ReadMoment[]
  /** When entries that the history names were recorded, RFC 3339. */
  readonly recorded: readonly (readonly [position: number, at: string])[]
  readonly entries: IncidentReport['integrity']['entries']
  readonly custody: readonly CustodyLine[]
  readonly observables: readonly Observable[]
  /** Moments and lines of custody beyond their bounds. */
  readonly momentsLeftOut: number
  readonly custodyLeftOut: number
}

export type ReadingQuestion = {
  readonly incident: Incident
  readonly wire: IncidentWire
  readonly united: United
  readonly evidence: EvidenceStatus
  readonly reader: LogReader
  readonly places: DeedPlaces
}

/** Reads an incident for its report, step by step. */
export function* readReport({
  incident,
  wire,
  united,
  evidence,
  reader,
  places,
}: ReadingQuestion): StepsOfWork<ReportReading> {
  const recorded = incident.history.flatMap(({ position }) => {
    const at = reader.entry(position)?.recordedAt
    return at === undefined ? [] : [[position, at] as const]
  })
  yield
  const nodes = new Map(united.graph.nodes.flatMap(({ id, events }) => events.map((event) => [event, id] as const)))
  const named = new Set(incident.signals.flatMap(({ events }) => events))
  const traces = [...new Set(united.events.map(traceKeyOf))]
  const about = {
    names: incidentNames(incident),
    conversations: united.conversations,
    traces,
    agents: incident.agents,
    entries: new Set([...united.entries, ...incident.signals.flatMap(({ entries }) => entries)]),
    events: new Set<string>([
      ...united.events.map(({ id }) => id),
      ...incident.signals.flatMap(({ events }) => events),
    ]),
  }
  const deeds = yield* deedsOf({ reader, places }, about)
  const moments = [...agentMoments(incident), ...detectionMoments(incident, new Map(recorded)), ...deeds.moments]
  return {
    incident: wire,
    evidence: { completeness: evidence.completeness, artifacts: evidence.artifacts },
    tools: toolsOf(united.events, { named, actOf: (event) => nodes.get(event) ?? event }),
    moments: moments.slice(0, REPORT_MOMENTS),
    recorded: recorded.map(([position, at]) => [position, formatRfc3339(at)]),
    entries: {
      count: united.entries.length,
      ...(united.entries.length === 0 ? {} : { first: united.entries[0], last: united.entries.at(-1) }),
      leftOut: united.cut,
    } as ReportReading['entries'], // both ends are there where there is an entry
    custody: deeds.custody,
    observables: observablesOf(united.events, incident.signals),
    momentsLeftOut: Math.max(0, moments.length - REPORT_MOMENTS),
    custodyLeftOut: deeds.custodyLeftOut,
  }
}

/** What agents did, by their own time. */
export function agentMoments({ signals }: Incident): readonly ReadMoment[] {
  return signals.map(({ claimedAt, agent, words, entries }) => ({
    at: String(claimedAt),
    kind: 'agent',
    who: agent,
    words,
    entries,
  }))
}

/** What was concluded, and when it could first have been. */
export function detectionMoments({ history }: Incident, recorded: ReadonlyMap<number, bigint>): readonly ReadMoment[] {
  return history.flatMap(({ position, type, confidence, because }): readonly ReadMoment[] => {
    const at = recorded.get(position)
    if (at === undefined) return []
    const words = `${type}, confidence ${confidence}: ${because}`
    return [{ at: String(at), kind: 'detection', who: 'Holdfast', words, entries: [position] }]
  })
}
