import { type PersonsReport, reportedSignals } from '@holdfast/detect'
import type { AgentId, ConversationId, EventId, EventSummary, IncidentType, Signal, UnixNano } from '@holdfast/model'
import type { ProjectionStore } from '@holdfast/recorder'
import { decode, encode } from '../inventory/docs.ts'
import type { KeyReader } from '../views/fold.ts'
import type { WriteDoc } from './fold-incidents.ts'
import { keys } from './keys.ts'
import { REPORTS_READ, WRITES_READ } from './limits.ts'
import { retrievedBy } from './retrievals.ts'

/** A person's report as the fold keeps it, with the place of the record that holds it. */
type ReportDoc = {
  readonly reportId: string
  readonly do: 'reported' | 'withdrawn'
  readonly agent: string
  readonly type: IncidentType
  readonly reason: string
  readonly by: string
  readonly event: string
  readonly entry: number
  readonly at: string
}

/** What a report is about. */
export type ReportedCase = {
  readonly agent: AgentId
  readonly conversation: string
  readonly type: IncidentType
}

/** Notes a report, and that its conversation is to be judged. What takes one back stands with it, whatever it names. */
export function noteReport(
  { puts, reader }: { readonly puts: Map<string, Uint8Array>; readonly reader: Pick<KeyReader, 'get'> },
  { id, entry, recordedAt, body }: EventSummary,
): void {
  if (body.kind !== 'control' || body.record.kind !== 'incident-report') return
  const { kind: _kind, conversation: named, ...report } = body.record
  const place = keys.reported(report.reportId)
  const known = report.do === 'withdrawn' ? (puts.get(place) ?? reader.get(place)) : undefined
  const conversation = known === undefined ? named : decode<string>(known)
  const doc: ReportDoc = { ...report, event: id, entry, at: recordedAt.toString() }
  puts.set(keys.report(conversation, entry), encode(doc))
  puts.set(keys.changed(report.agent, conversation), encode(entry))
  if (report.do === 'reported') puts.set(place, encode(conversation))
}

/** Signals of what persons reported of these conversations, without what they took back. */
export function reportSignals(
  store: Pick<ProjectionStore, 'scan'>,
  conversations: readonly string[],
): readonly Signal[] {
  return conversations.flatMap((conversation): readonly Signal[] => {
    const docs = store
      .scan({ prefix: keys.reportsOf(conversation), limit: REPORTS_READ })
      .map(([, bytes]) => decode<ReportDoc>(bytes))
    const withdrawn = new Map(docs.filter((doc) => doc.do === 'withdrawn').map((doc) => [doc.reportId, doc.entry]))
    const open = docs.filter((doc) => doc.do === 'reported' && (withdrawn.get(doc.reportId) ?? -1) < doc.entry)
    return open.flatMap((doc) =>
      reportedSignals([reportOf(doc)], {
        conversation: conversation as ConversationId, // the workspace's own id of it
        retrieved: retrievedBy(store, doc.agent, BigInt(doc.at)),
        writesOf: (origin) => writesOf(store, origin),
      }),
    )
  })
}

/** What was reported under an id, with the conversation that it is of; undefined where nothing was. */
export function reportOfId(store: Pick<ProjectionStore, 'get' | 'scan'>, id: string): ReportedCase | undefined {
  const known = store.get(keys.reported(id))
  if (known === undefined) return undefined
  const conversation = decode<string>(known)
  const doc = store
    .scan({ prefix: keys.reportsOf(conversation), limit: REPORTS_READ })
    .map(([, bytes]) => decode<ReportDoc>(bytes))
    .find((one) => one.reportId === id && one.do === 'reported')
  // The agent's id as the report's record has it.
  return doc === undefined ? undefined : { conversation, agent: doc.agent as AgentId, type: doc.type }
}

function reportOf({ agent, type, reason, by, event, entry, at }: ReportDoc): PersonsReport {
  // Written by noteReport from a record and its event.
  return { agent: agent as AgentId, type, reason, by, event: event as EventId, entry, at: BigInt(at) as UnixNano }
}

/** Writes of an item of a corpus, in whatever store it has that id. */
function writesOf(
  store: Pick<ProjectionStore, 'scan'>,
  origin: string,
): readonly { readonly event: EventId; readonly entry: number }[] {
  return store
    .scan({ prefix: keys.itemWrites(origin), limit: WRITES_READ })
    .map(([, bytes]) => decode<WriteDoc>(bytes))
    .map(({ event, entry }) => ({ event: event as EventId, entry })) // the fold's own note of an event
}

/** A write of a record, by the record's own id, whatever its store. */
export function noteItemWrite(puts: Map<string, Uint8Array>, { id, body }: EventSummary, doc: WriteDoc): void {
  if (body.kind === 'memory' && body.record !== undefined) puts.set(keys.itemWrite(body.record, id), encode(doc))
}
