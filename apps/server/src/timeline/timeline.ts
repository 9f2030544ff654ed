import { incidentNames } from '@holdfast/model'
import type { TimelineMoment, TimelineWire } from '@holdfast/api'
import type { StepsOfWork } from '@holdfast/detect'
import type { AnnotationRecord, ControlRecord, Incident, UnixNano } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import { concerns, isDeed, momentOf } from '../reports/deeds.ts'
import { agentMoments, detectionMoments } from '../reports/reading.ts'
import type { United } from '../views/graph-queries.ts'
import { traceKeyOf } from '../views/keys.ts'
import { type DeedIndex, noteName } from './deed-index.ts'
import { MOMENTS_LISTED } from './limits.ts'

export type TimelineQuestion = {
  readonly incident: Incident
  readonly united: United
  readonly reader: LogReader
  readonly index: DeedIndex
  readonly limit: number | undefined
}

type Place = { readonly entry: number; readonly at: UnixNano }

/**
 * Everything that happened about an incident, the earliest first: what agents did, what was concluded, and what people and the product
 * did about it. Of too many the newest are given, and the rest is counted.
 */
export function* timelineOf({ incident, united, reader, index, limit }: TimelineQuestion): StepsOfWork<TimelineWire> {
  yield* index.caughtUp()
  const recorded = new Map<number, UnixNano>()
  for (const { position } of incident.history) {
    const at = reader.entry(position)?.recordedAt
    if (at !== undefined) recorded.set(position, at)
  }
  const signals = new Map(incident.signals.map(({ entries, events }) => [entries[0], events[0]]))
  const agents = agentMoments(incident).map((moment): TimelineMoment => {
    const event = signals.get(moment.entries[0])
    return { ...wired(moment), about: 'signal', ...(event === undefined ? {} : { event }) }
  })
  const concluded = detectionMoments(incident, recorded).map((moment): TimelineMoment => ({
    ...wired(moment),
    about: 'revision',
  }))
  const { conversations, agents: acting } = incident
  const about = { names: incidentNames(incident), conversations, agents: acting }
  const done = yield* deedMoments(reader, index, { about, targets: namesOf(incident, united) })
  const all = [...agents, ...concluded, ...done].toSorted(byTime)
  const items = all.slice(-(limit ?? MOMENTS_LISTED))
  return {
    incident: incident.id,
    items,
    total: all.length,
    forgotten: index.dropped,
  }
}

/** Whatever records may call the incident and its parts. */
function namesOf(incident: Incident, united: United): ReadonlySet<string> {
  const { conversations, agents, signals } = incident
  return new Set<string>([
    ...incidentNames(incident),
    ...conversations,
    ...agents,
    ...united.events.flatMap((event) => [event.id, `event ${event.id}`, `trace ${traceKeyOf(event)}`]),
    ...signals.flatMap(({ events }) => events.flatMap((event) => [event, `event ${event}`])),
    ...united.entries.map((entry) => `log entry ${entry}`),
  ])
}

/** What records may name: the incident, its conversations and agents each in their place, and anything of it as a target. */
type Named = { readonly about: Parameters<typeof concerns>[1]; readonly targets: ReadonlySet<string> }

function isOf(record: ControlRecord, { about, targets }: Named): boolean {
  if (record.kind === 'incident-owner') return about.names.includes(record.incident)
  return !isDeed(record) || concerns(record, about, targets)
}

function* deedMoments(reader: LogReader, index: DeedIndex, named: Named): StepsOfWork<TimelineMoment[]> {
  const moments: TimelineMoment[] = []
  const notes = new Map<string, (AnnotationRecord & Place)[]>()
  for (const entry of index.of(named.targets)) {
    const found = reader.control(entry)
    if (found === undefined || !isOf(found.record, named)) continue
    const place = { entry, at: found.recordedAt }
    const { record } = found
    if (record.kind === 'annotation') keep(notes, record.annotation, { ...record, ...place })
    else moments.push(...momentsOf(record, place))
    if (moments.length % 256 === 255) yield
  }
  for (const [annotation, saves] of notes) {
    // Removals name the annotation alone.
    const all = new Map(saves.map((save) => [save.entry, save]))
    for (const entry of index.of([noteName(annotation)])) {
      const found = reader.control(entry)
      if (found?.record.kind === 'annotation') all.set(entry, { ...found.record, entry, at: found.recordedAt })
    }
    moments.push(...noteMoments([...all.values()].toSorted((a, b) => a.entry - b.entry)))
  }
  return moments
}

function momentsOf(record: ControlRecord, { entry, at }: Place): readonly TimelineMoment[] {
  const of = (kind: TimelineMoment['kind'], who: string, words: string): readonly TimelineMoment[] => [
    { at: String(at), kind, about: record.kind, who, words, entries: [entry] },
  ]
  if (isDeed(record)) return [{ ...wired(momentOf(record, { entry, at })), about: record.kind }]
  if (record.kind === 'incident-owner')
    return of('operator', record.by, `${record.do} it${record.reason === '' ? '' : `: ${record.reason}`}`)
  if (record.kind !== 'notice' || record.do === 'listening') return []
  if (record.do === 'told') {
    const { title } = record.notice
    const to = record.channels.length === 0 ? 'nobody listened' : `to ${record.channels.join(', ')}`
    return of('product', 'Holdfast', `told ${to}: ${typeof title === 'string' ? title : ''}`)
  }
  const { channel, outcome, detail, by } = record
  if (outcome === 'failed') return []
  return of(
    by === undefined ? 'product' : 'operator',
    by ?? 'Holdfast',
    `notice to ${channel}: ${outcome}${detail === '' ? '' : `, ${detail}`}`,
  )
}

/** A note stands where it was first saved, with its last words: what was typed on the way is in the log. */
function noteMoments(saves: readonly (AnnotationRecord & Place)[]): readonly TimelineMoment[] {
  const sets = saves.flatMap((save) => (save.do === 'set' ? [save] : []))
  const [first, last] = [sets[0], sets.at(-1)]
  if (first === undefined || last === undefined) return []
  const entries = first.entry === last.entry ? [first.entry] : [first.entry, last.entry]
  const removed = saves.find(({ do: what }) => what === 'removed')
  const shared = { kind: 'operator', about: 'annotation', annotation: last.annotation } as const
  const words = last.text === '' ? last.type : `${last.type}: ${last.text}`
  const note: TimelineMoment = {
    ...shared,
    at: String(first.at),
    who: first.by,
    words: removed === undefined ? words : `${last.type}, removed since`,
    entries,
    ...(last.place?.event === undefined ? {} : { event: last.place.event }),
  }
  if (removed === undefined) return [note]
  return [
    note,
    { ...shared, at: String(removed.at), who: removed.by, words: `removed a ${last.type}`, entries: [removed.entry] },
  ]
}

function keep<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const kept = map.get(key)
  if (kept === undefined) map.set(key, [value])
  else kept.push(value)
}

function wired(moment: ReturnType<typeof momentOf>): Omit<TimelineMoment, 'about'> {
  return { ...moment, entries: [...moment.entries] }
}

function byTime(a: TimelineMoment, b: TimelineMoment): number {
  const [first, second] = [BigInt(a.at), BigInt(b.at)]
  if (first !== second) return first < second ? -1 : 1
  return (a.entries[0] ?? 0) - (b.entries[0] ?? 0)
}
